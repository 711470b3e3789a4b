import { choiceFlag, textFlag } from "@slipway/terminal";

const group = "Output";

/** Where a document goes. */
export const OUTPUT_FLAG = textFlag("output", {
  summary: "file or cm://NAMESPACE/NAME to write; - or nothing is standard output",
  group,
  placeholder: "TARGET",
  short: "o",
  completion: "files",
});

/** The form of a recipe or a value of one. */
export const FORMAT_FLAG = choiceFlag("format", ["yaml", "json", "table"], "yaml", {
  summary: "form of what is printed",
  group,
  placeholder: "FORMAT",
  short: "t",
});
