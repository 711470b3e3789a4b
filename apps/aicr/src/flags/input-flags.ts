import { textFlag } from "@slipway/terminal";

const group = "Input";

/** The flags that read criteria out of a document. */
export const INPUT_FLAGS = {
  snapshot: textFlag("snapshot", {
    summary: "snapshot of a cluster to take criteria from: a file, -, an address or cm://NAMESPACE/NAME",
    group,
    placeholder: "SOURCE",
    short: "s",
    completion: "files",
  }),
  criteria: textFlag("criteria", {
    summary: "RecipeCriteria document: a file, -, an address or cm://NAMESPACE/NAME",
    group,
    placeholder: "SOURCE",
    short: "c",
    completion: "files",
  }),
} as const;
