import type { Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CATALOG_FLAGS, CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { DIFF_FLAGS } from "../flags/diff-flags.ts";

/** `aicr diff`: what changes between two recipes, bundles or snapshots. */
export function diffCommand(deps: CommandDeps): Command {
  const what = "a recipe or a snapshot (file, -, address or cm://NAMESPACE/NAME) or a bundle (folder or .tar.gz)";
  return {
    description:
      "Shows what changes between two recipes or two bundles (components, versions, values by path), or what drifted from " +
      "one snapshot to another, by what it means.",
    args: [
      { name: "FROM", summary: what, required: true, completion: "files" },
      { name: "TO", summary: what, required: true, completion: "files" },
    ],
    flags: [
      ...Object.values(DIFF_FLAGS),
      ...Object.values(CATALOG_FLAGS),
      ...Object.values(CLUSTER_FLAGS),
      CONFIG_FLAG,
    ],
    examples: [
      { meaning: "before an upgrade", command: "aicr diff recipe.yaml recipe-new.yaml" },
      { meaning: "since yesterday", command: "aicr diff --exit-code yesterday.yaml today.yaml" },
    ],
    run: async (context) => (await import("./run-diff.ts")).diff(deps, context),
  };
}
