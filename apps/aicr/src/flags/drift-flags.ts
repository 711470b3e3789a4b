import { choiceFlag, switchFlag, textFlag } from "@slipway/terminal";

/** The flags of `aicr drift`. */
export const DRIFT_FLAGS = {
  recipe: textFlag("recipe", {
    summary: "what the cluster should be: a file, -, an address or cm://NAMESPACE/NAME",
    group: "Input",
    placeholder: "SOURCE",
    short: "r",
    completion: "files",
  }),
  snapshot: textFlag("snapshot", {
    summary: "what Helm says is installed, from a snapshot in place of the cluster",
    group: "Input",
    placeholder: "SOURCE",
    short: "s",
    completion: "files",
  }),
  output: textFlag("output", {
    summary: "file or cm://NAMESPACE/NAME to write; - or nothing is standard output",
    group: "Output",
    placeholder: "TARGET",
    short: "o",
    completion: "files",
  }),
  format: choiceFlag("format", ["text", "json", "yaml"], "text", {
    summary: "form of what is printed",
    group: "Output",
    placeholder: "FORMAT",
    short: "t",
  }),
  failOnError: switchFlag("fail-on-error", {
    summary: "end with 1 when a component is not in step",
    group: "Output",
    fallback: true,
  }),
} as const;
