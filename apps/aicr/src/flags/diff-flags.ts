import { choiceFlag, listFlag, switchFlag } from "@slipway/terminal";

/** The flags of `aicr diff`. */
export const DIFF_FLAGS = {
  ignore: listFlag("ignore", {
    summary: "readings of snapshots that do not count, such as K8s.image or OS.sysctl.*",
    group: "Input",
    placeholder: "PATTERN",
    split: true,
  }),
  format: choiceFlag("format", ["text", "json", "patch"], "text", {
    summary: "text for people, json with every change, patch for JSON Patch (RFC 6902)",
    group: "Output",
    placeholder: "FORMAT",
    short: "t",
  }),
  exitCode: switchFlag("exit-code", { summary: "end with 1 when there is a difference", group: "Output" }),
} as const;
