import type { Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CATALOG_FLAGS, CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { DIFF_FLAGS } from "../flags/diff-flags.ts";

/** `aicr diff`: what changes for the cluster between two recipes or two bundles. */
export function diffCommand(deps: CommandDeps): Command {
  const what = "a recipe (file, - or address) or a bundle (folder or .tar.gz)";
  return {
    description:
      "Shows what changes for the cluster between two recipes or two bundles: components, versions, values by path.",
    args: [
      { name: "FROM", summary: what, required: true, completion: "files" },
      { name: "TO", summary: what, required: true, completion: "files" },
    ],
    flags: [...Object.values(DIFF_FLAGS), ...Object.values(CATALOG_FLAGS), CONFIG_FLAG],
    examples: [{ meaning: "before an upgrade", command: "aicr diff recipe.yaml recipe-new.yaml" }],
    run: async (context) => (await import("./run-diff.ts")).diff(deps, context),
  };
}
