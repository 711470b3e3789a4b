import { choiceFlag } from "@slipway/terminal";

/** The form of a report that is no object of the cluster: for people, or as a document. */
export const REPORT_FLAG = choiceFlag("output", ["text", "json", "yaml"], "text", {
  summary: "form of what is printed",
  group: "Output",
  placeholder: "FORMAT",
  short: "o",
  repeat: "last",
});
