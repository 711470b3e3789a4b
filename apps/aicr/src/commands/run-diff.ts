import { SlipwayError, writeJson, type ExitName, type Tree } from "@slipway/base";
import {
  bundleDocument,
  diffBundles,
  diffRecipes,
  differenceText,
  differenceTree,
  documentPatch,
} from "@slipway/bundle/diff";
import { hydrate } from "@slipway/recipe";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { compareFleets, compareSnapshots, type Comparison } from "../actions/compare-snapshots.ts";
import { openCatalog } from "../actions/open-catalog.ts";
import { readCompared, type Compared } from "../actions/read-compared.ts";
import { withDocuments } from "../actions/with-documents.ts";
import { DIFF_FLAGS } from "../flags/diff-flags.ts";

/** What `aicr diff` does. */
export async function diff(given: CommandDeps, context: CommandContext): Promise<ExitName> {
  const { read, args, log } = context;
  const [from = "", to = ""] = args;
  if (from === "-" && to === "-") throw new SlipwayError("USAGE", "only one side can come from standard input");
  const deps = await withDocuments(given, context, args);
  const [left, right] = await Promise.all([readCompared(deps, from), readCompared(deps, to)]);
  const { text, isSame, notes } = await compare(deps, context, left, right);
  for (const note of notes) log.warn(note);
  deps.io.stdout.write(text);
  return read(DIFF_FLAGS.exitCode) && !isSame ? "ANSWER_IS_NO" : "DONE";
}

async function compare(
  deps: CommandDeps,
  context: CommandContext,
  left: Compared,
  right: Compared,
): Promise<Comparison> {
  const { read, isGiven } = context;
  const options = { format: read(DIFF_FLAGS.format), ignore: read(DIFF_FLAGS.ignore) };
  if (left.kind === "snapshot" && right.kind === "snapshot")
    return compareSnapshots(deps, { ...left, value: left.snapshot }, { ...right, value: right.snapshot }, options);
  if (left.kind === "fleet" && right.kind === "fleet")
    return compareFleets(deps, { ...left, value: left.fleet }, { ...right, value: right.fleet }, options);
  if (isGiven(DIFF_FLAGS.ignore)) throw new SlipwayError("USAGE", "--ignore names readings, which only snapshots have");
  if (left.kind === "bundle" && right.kind === "bundle") {
    if (options.format === "patch") return patchOf(await bundleDocument(left.files), await bundleDocument(right.files));
    return printed(diffBundles(left.files, right.files), options.format);
  }
  if (left.kind !== "recipe" || right.kind !== "recipe") throw unlike(left, right);
  if (options.format === "patch") return patchOf(left.document, right.document);
  const { catalog } = await openCatalog(deps, context);
  const sides = { left: await hydrate(catalog, left.recipe), right: await hydrate(catalog, right.recipe) };
  const difference = diffRecipes(
    { recipe: left.recipe, hydrated: sides.left },
    { recipe: right.recipe, hydrated: sides.right },
  );
  return printed(difference, options.format);
}

function patchOf(left: Tree, right: Tree): Comparison {
  const operations = documentPatch(left, right);
  return { text: writeJson(operations), isSame: operations.length === 0, notes: [] };
}

function printed(difference: ReturnType<typeof diffRecipes>, format: "text" | "json"): Comparison {
  const text = format === "json" ? writeJson(differenceTree(difference)) : differenceText(difference);
  return { text, isSame: difference.groups.length === 0, notes: [] };
}

const HINTS: Readonly<Record<string, string>> = {
  "bundle recipe": "A bundle made with the helm deployer holds its recipe in recipe.yaml.",
  "recipe snapshot": "To test a cluster against a recipe, run aicr validate -r RECIPE -s SNAPSHOT.",
  "fleet snapshot": "With aicr snapshot --nodes all -o DIR/, each node of a fleet has a snapshot of its own.",
};

function unlike({ kind: left }: Compared, { kind: right }: Compared): SlipwayError {
  const hint = HINTS[[left, right].sort().join(" ")];
  return new SlipwayError("USAGE", `a ${left} and a ${right} cannot be compared`, { hint });
}
