import type { Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { VALIDATE_AGENT_FLAGS, VALIDATE_CATALOG_FLAGS, VALIDATE_FLAGS } from "../flags/validate-flags.ts";

/** `aicr validate`: whether a cluster is what a recipe says. */
export function validateCommand(deps: CommandDeps): Command {
  return {
    description:
      "Tests a cluster against a recipe: first the constraints, against a snapshot, then the checks of the phases " +
      "deployment, performance and conformance in the cluster, and policies of your own. Every failure says what to do.",
    args: [
      {
        name: "DOCUMENT",
        summary: "the snapshot, where --snapshot is not given; with --schema the document to check",
        required: false,
        completion: "files",
      },
    ],
    flags: [
      ...Object.values(VALIDATE_FLAGS),
      ...Object.values(VALIDATE_AGENT_FLAGS),
      ...VALIDATE_CATALOG_FLAGS,
      CONFIG_FLAG,
      ...Object.values(CLUSTER_FLAGS),
    ],
    examples: [
      {
        meaning: "a snapshot, without a cluster",
        command: "aicr validate -r recipe.yaml -s snapshot.yaml --no-cluster",
      },
      { meaning: "the cluster of kubectl", command: "aicr validate -r recipe.yaml --phase deployment -t table" },
      { meaning: "rules of your own", command: "aicr validate --policy rules.yaml -r recipe.yaml snapshot.yaml" },
      { meaning: "whether a document is well-formed", command: "aicr validate --schema v1 snapshot.json" },
    ],
    run: async (context) => (await import("./run-validate.ts")).validate(deps, context),
  };
}
