import { SlipwayError, writeJson, type ExitName, type Tree } from "@slipway/base";
import {
  bundleDocument,
  diffBundles,
  diffRecipes,
  differenceText,
  differenceTree,
  documentPatch,
  type Difference,
} from "@slipway/bundle/diff";
import { hydrate } from "@slipway/recipe";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { openCatalog } from "../actions/open-catalog.ts";
import { readCompared, type Compared } from "../actions/read-compared.ts";
import { DIFF_FLAGS } from "../flags/diff-flags.ts";

/** What `aicr diff` does. */
export async function diff(deps: CommandDeps, context: CommandContext): Promise<ExitName> {
  const { read, args } = context;
  const [from = "", to = ""] = args;
  const [format, exitCode] = [read(DIFF_FLAGS.format), read(DIFF_FLAGS.exitCode)];
  if (from === "-" && to === "-") throw new SlipwayError("USAGE", "only one side can come from standard input");
  const [left, right] = await Promise.all([readCompared(deps, from), readCompared(deps, to)]);
  if (format === "patch") {
    const operations = documentPatch(await documentOf(left), await documentOf(right));
    deps.io.stdout.write(writeJson(operations));
    return exitCode && operations.length > 0 ? "ANSWER_IS_NO" : "DONE";
  }
  const difference = await differenceOf(deps, context, left, right);
  deps.io.stdout.write(format === "json" ? writeJson(differenceTree(difference)) : differenceText(difference));
  return exitCode && difference.groups.length > 0 ? "ANSWER_IS_NO" : "DONE";
}

async function documentOf(side: Compared): Promise<Tree> {
  return side.kind === "recipe" ? side.document : bundleDocument(side.files);
}

async function differenceOf(
  deps: CommandDeps,
  context: CommandContext,
  left: Compared,
  right: Compared,
): Promise<Difference> {
  if (left.kind === "bundle" && right.kind === "bundle") return diffBundles(left.files, right.files);
  if (left.kind !== "recipe" || right.kind !== "recipe")
    throw new SlipwayError("USAGE", "a recipe and a bundle cannot be compared", {
      hint: "A bundle made with the helm deployer holds its recipe in recipe.yaml.",
    });
  const { catalog } = await openCatalog(deps, context);
  return diffRecipes(
    { recipe: left.recipe, hydrated: await hydrate(catalog, left.recipe) },
    { recipe: right.recipe, hydrated: await hydrate(catalog, right.recipe) },
  );
}
