import { resolve } from "node:path";
import type { Cursor, Tree } from "@slipway/base";
import type { BundleFile } from "@slipway/bundle";
import type { Recipe } from "@slipway/recipe";
import type { FleetSnapshot, Snapshot } from "@slipway/snapshot";
import type { CommandDeps } from "../deps.ts";
import { isArchiveName } from "./bundle-target.ts";
import { decodeFilledRecipe } from "./decode-filled-recipe.ts";
import { isSnapshot } from "./read-snapshot.ts";

/** One side of a comparison. A document is as it was written. */
export type Compared =
  | { readonly kind: "bundle"; readonly files: readonly BundleFile[] }
  | { readonly kind: "recipe"; readonly recipe: Recipe; readonly document: Tree }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot; readonly document: Tree }
  | { readonly kind: "fleet"; readonly fleet: FleetSnapshot; readonly document: Tree };

/**
 * Reads a bundle (a folder or a `.tar.gz`), or a recipe, a snapshot or a fleet of snapshots (a file, `-`, an address or
 * a ConfigMap).
 *
 * @throws SlipwayError as reading any of them does
 */
export async function readCompared(deps: CommandDeps, source: string): Promise<Compared> {
  if (await isBundle(deps, source)) {
    const { readBundle } = await import("@slipway/bundle/publish");
    return { kind: "bundle", files: await readBundle(resolve(deps.io.cwd, source), { signal: deps.io.signal }) };
  }
  const { readDocument } = await import("@slipway/terminal/documents");
  const { decodeFleet, decodeSnapshot, isFleet } = await import("@slipway/snapshot");
  return readDocument(deps, source, "what is compared", (cursor: Cursor, format): Compared => {
    const document = cursor.value ?? null;
    if (isFleet(cursor)) return { kind: "fleet", fleet: decodeFleet(cursor, { format }), document };
    if (isSnapshot(cursor)) return { kind: "snapshot", snapshot: decodeSnapshot(cursor, { format }), document };
    return { kind: "recipe", recipe: decodeFilledRecipe(cursor), document };
  });
}

async function isBundle({ files }: CommandDeps, source: string): Promise<boolean> {
  if (/^[a-z]+:\/\//i.test(source) || source === "-") return false;
  if (isArchiveName(source)) return true;
  const info = await files.info(source);
  return info?.kind === "directory" || (info?.kind === "link" && (await files.info(`${source}/.`)) !== undefined);
}
