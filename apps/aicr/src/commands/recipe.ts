import { writeJson, writeYaml, type ExitName } from "@slipway/base";
import { recipeTable, recipeTree, type Recipe } from "@slipway/recipe";
import type { Command, CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { resolveRecipe } from "../actions/resolve-recipe.ts";
import { withDocuments } from "../actions/with-documents.ts";
import { CATALOG_FLAGS, CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { STRICT_FLAG, criteriaFlags, type CriteriaFlags } from "../flags/criteria-flags.ts";
import { INPUT_FLAGS } from "../flags/input-flags.ts";
import { FORMAT_FLAG, OUTPUT_FLAG } from "../flags/output-flags.ts";

/** `aicr recipe`: the recipe for a kind of cluster. */
export function recipeCommand(deps: CommandDeps): Command {
  const criteria = criteriaFlags(deps, "Criteria");
  return {
    description:
      "Writes the recipe for a kind of cluster: the components that it needs, in which versions and with which values, " +
      "and what must be true of it. Without criteria it is the base recipe.",
    moreArgs: "ignored",
    flags: [
      ...Object.values(criteria),
      STRICT_FLAG,
      ...Object.values(INPUT_FLAGS),
      ...Object.values(CATALOG_FLAGS),
      OUTPUT_FLAG,
      FORMAT_FLAG,
      ...Object.values(CLUSTER_FLAGS),
      CONFIG_FLAG,
    ],
    subcommands: [
      {
        name: "list",
        summary: "show what the catalog covers",
        load: async () => (await import("./recipe-list.ts")).recipeListCommand(deps),
      },
    ],
    examples: [
      {
        meaning: "training on EKS with H100",
        command: "aicr recipe --service eks --accelerator h100 --intent training",
      },
      {
        meaning: "for the cluster of a snapshot",
        command: "aicr recipe -s snapshot.yaml --intent inference -o recipe.yaml",
      },
    ],
    run: (context) => writeRecipe(deps, context, criteria),
  };
}

async function writeRecipe(given: CommandDeps, context: CommandContext, criteria: CriteriaFlags): Promise<ExitName> {
  const { checkTarget, writeDocument } = await import("@slipway/terminal/documents");
  const target = context.read(OUTPUT_FLAG);
  const deps = await withDocuments(given, context, [target]);
  checkTarget(target, deps);
  const format = context.read(FORMAT_FLAG);
  const { resolution } = await resolveRecipe(deps, context, criteria);
  const info = { kind: "Recipe", format, version: deps.build.version };
  const file = await writeDocument(deps, target, recipeText(resolution.recipe, format), info);
  if (file !== undefined) context.log.info("recipe written", { file, components: resolution.recipe.components.length });
  return "DONE";
}

function recipeText(recipe: Recipe, format: "yaml" | "json" | "table"): string {
  if (format === "table") return recipeTable(recipe);
  return format === "json" ? writeJson(recipeTree(recipe)) : writeYaml(recipeTree(recipe));
}
