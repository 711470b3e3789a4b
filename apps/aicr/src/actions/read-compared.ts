import { resolve } from "node:path";
import { SlipwayError, type Tree } from "@slipway/base";
import type { BundleFile } from "@slipway/bundle";
import { decodeRecipe, type Recipe } from "@slipway/recipe";
import type { CommandDeps } from "../deps.ts";
import { isArchiveName } from "./bundle-target.ts";

/** One side of a comparison. */
export type Compared =
  | { readonly kind: "bundle"; readonly files: readonly BundleFile[] }
  | { readonly kind: "recipe"; readonly recipe: Recipe; /** As it was written. */ readonly document: Tree };

/**
 * Reads a bundle (a folder or a `.tar.gz`) or a recipe (a file, `-` or an address).
 *
 * @throws SlipwayError as reading either does
 */
export async function readCompared(deps: CommandDeps, source: string): Promise<Compared> {
  if (await isBundle(deps, source)) {
    const { readBundle } = await import("@slipway/bundle/publish");
    return { kind: "bundle", files: await readBundle(resolve(deps.io.cwd, source), { signal: deps.io.signal }) };
  }
  const { readDocument } = await import("@slipway/terminal/documents");
  return readDocument(deps, source, "the recipe", (cursor) => {
    const recipe = decodeRecipe(cursor);
    if (cursor.value === undefined || recipe.components.length === 0)
      throw new SlipwayError("INVALID_INPUT", `expected a recipe with components${foundKind(recipe.kind)}`, {
        hint: "Compare two recipes as aicr recipe writes them, or two bundles.",
      });
    return { kind: "recipe", recipe, document: cursor.value };
  });
}

function foundKind(kind: string): string {
  return kind === "" ? "" : `, found a document of kind "${kind}"`;
}

async function isBundle({ files }: CommandDeps, source: string): Promise<boolean> {
  if (/^[a-z]+:\/\//i.test(source) || source === "-") return false;
  if (isArchiveName(source)) return true;
  const info = await files.info(source);
  return info?.kind === "directory" || (info?.kind === "link" && (await files.info(`${source}/.`)) !== undefined);
}
