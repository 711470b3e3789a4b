import { choiceFlag, switchFlag, textFlag } from "@slipway/terminal";

/** Flags of `kubectl nim profiles`. */
export const PROFILES_FLAGS = {
  manifest: textFlag("manifest", {
    summary: "a list of profiles (model_manifest.yaml of a NIM image) in place of a cache; - reads standard input",
    group: "Selection",
    placeholder: "FILE",
    completion: "files",
  }),
  fits: switchFlag("fits", {
    summary: "only profiles for which enough GPUs are free now; exit status 1 when there is none",
    group: "Selection",
  }),
  output: choiceFlag("output", ["table", "wide", "json", "yaml"], "table", {
    summary: "form of what is printed",
    group: "Output",
    placeholder: "FORMAT",
    short: "o",
    repeat: "last",
  }),
  noHeaders: switchFlag("no-headers", { summary: "no line with the names of the columns", group: "Output" }),
} as const;
