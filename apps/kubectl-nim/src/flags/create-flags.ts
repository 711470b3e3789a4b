import { switchFlag, textFlag } from "@slipway/terminal";
import { DRY_RUN_FLAG, OUTPUT_FLAG, timeoutFlag } from "./common-flags.ts";

/** Loading a model and starting it may take a while. */
const TWENTY_MINUTES = 20 * 60_000;

/** What `create` takes beside the fields of the object. */
export const CREATE_FLAGS = {
  fromFile: textFlag("from-file", {
    summary: "object of the same kind in YAML or JSON, or - for standard input; flags count more",
    group: "Input",
    placeholder: "FILE",
    completion: "files",
  }),
  output: OUTPUT_FLAG,
  dryRun: DRY_RUN_FLAG,
  wait: switchFlag("wait", { summary: "wait until it is ready", group: "Behaviour" }),
  timeout: timeoutFlag(TWENTY_MINUTES),
} as const;
