import { resolve } from "node:path";
import type { Tree } from "@slipway/base";
import type { BundleFile } from "@slipway/bundle";
import type { Recipe } from "@slipway/recipe";
import type { CommandDeps } from "../deps.ts";
import { isArchiveName } from "./bundle-target.ts";
import { decodeFilledRecipe } from "./decode-filled-recipe.ts";

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
    const recipe = decodeFilledRecipe(cursor);
    return { kind: "recipe", recipe, document: cursor.value ?? null };
  });
}

async function isBundle({ files }: CommandDeps, source: string): Promise<boolean> {
  if (/^[a-z]+:\/\//i.test(source) || source === "-") return false;
  if (isArchiveName(source)) return true;
  const info = await files.info(source);
  return info?.kind === "directory" || (info?.kind === "link" && (await files.info(`${source}/.`)) !== undefined);
}
