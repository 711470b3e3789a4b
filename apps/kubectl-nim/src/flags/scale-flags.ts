import { integerFlag, switchFlag } from "@slipway/terminal";
import { DRY_RUN_FLAG, OUTPUT_FLAG } from "./common-flags.ts";

const group = "Scaling";

/** The flags of `scale`. */
export const SCALE_FLAGS = {
  replicas: integerFlag("replicas", {
    summary: "so many pods, without autoscaling; 0 stops the service",
    group,
    placeholder: "COUNT",
    repeat: "last",
  }),
  min: integerFlag("min", { summary: "fewest pods of autoscaling", group, placeholder: "COUNT", repeat: "last" }),
  max: integerFlag("max", {
    summary: "most pods of autoscaling: switches it on",
    group,
    placeholder: "COUNT",
    repeat: "last",
  }),
  off: switchFlag("off", { summary: "switch autoscaling off, with as many pods as run now", group }),
  output: OUTPUT_FLAG,
  dryRun: DRY_RUN_FLAG,
} as const;
