import { choiceFlag, switchFlag, textFlag } from "@slipway/terminal";
import { DRY_RUN_FLAG, OUTPUT_FLAG } from "./common-flags.ts";

const KEY = "Key";

/** What `secret ngc` and `secret hf` take. A key itself is no flag: command lines are seen by others, and kept in histories. */
export const SECRET_FLAGS = {
  fromEnv: textFlag("from-env", {
    summary: "environment variable that holds the key",
    group: KEY,
    placeholder: "VARIABLE",
  }),
  fromStdin: switchFlag("from-stdin", { summary: "read the key from standard input", group: KEY }),
  replace: switchFlag("replace", {
    summary: "put the key into secrets that are there already; what else they hold stays",
    group: "Behaviour",
  }),
  output: OUTPUT_FLAG,
  dryRun: DRY_RUN_FLAG,
} as const;

/** What only `secret ngc` takes: its key is kept twice. */
export const NGC_SECRET_FLAGS = {
  pullSecret: textFlag("pull-secret", {
    summary: "name of the secret that images are pulled with (default ngc-secret)",
    group: "Names",
    placeholder: "NAME",
  }),
  only: choiceFlag("only", ["both", "pull", "api"], "both", {
    summary: "which secrets: the one that pulls images, the one that loads models, or both",
    group: "Names",
    placeholder: "WHICH",
    repeat: "last",
  }),
} as const;
