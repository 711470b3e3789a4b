import type { Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { DRIFT_FLAGS } from "../flags/drift-flags.ts";

/** `aicr drift`: recipe, Helm and cluster, side by side. */
export function driftCommand(deps: CommandDeps): Command {
  return {
    description:
      "Compares what a recipe wants, what Helm says is installed and what the cluster runs: one line a component, and what " +
      "to do about those that are not in step.",
    flags: [...Object.values(DRIFT_FLAGS), ...Object.values(CLUSTER_FLAGS), CONFIG_FLAG],
    examples: [
      { meaning: "of the current cluster", command: "aicr drift -r recipe.yaml" },
      { meaning: "in a nightly job", command: "aicr drift -r recipe.yaml --format json -o drift.json" },
    ],
    run: async (context) => (await import("./run-drift.ts")).drift(deps, context),
  };
}
