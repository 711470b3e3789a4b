import { SlipwayError } from "@slipway/base";
import { loadCatalog, openDataDirectory, type Catalog, type DataLayer } from "@slipway/recipe";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CATALOG_FLAGS } from "../flags/catalog-flags.ts";

/** A catalog, and the directory that is part of it. */
export interface OpenedCatalog {
  readonly catalog: Catalog;
  readonly directory: DataLayer | undefined;
  /** What the catalog is made of, the lowest first. */
  readonly layers: readonly DataLayer[];
}

/**
 * Opens the catalog that the flags ask for: the built-in one, with `--data` below, or that directory alone.
 *
 * @throws SlipwayError USAGE for `--no-embedded-data` without a directory; else as opening and loading do
 */
export async function openCatalog(deps: CommandDeps, context: CommandContext): Promise<OpenedCatalog> {
  const path = context.read(CATALOG_FLAGS.data) ?? "";
  const alone = context.read(CATALOG_FLAGS.noEmbeddedData);
  if (path === "" && alone)
    throw new SlipwayError("USAGE", "--no-embedded-data leaves no catalog: give --data DIR with it");
  const directory = path === "" ? undefined : await openUserDirectory(deps, path);
  const layers = [...(alone ? [] : [await deps.builtinCatalog()]), ...(directory === undefined ? [] : [directory])];
  const catalog = await loadCatalog(layers);
  for (const warning of catalog.warnings) context.log.warn(warning);
  context.log.debug("catalog opened", { components: catalog.registry.length, overlays: catalog.overlays.size });
  return { catalog, directory, layers };
}

async function openUserDirectory({ files }: CommandDeps, path: string): Promise<DataLayer> {
  const layer = await openDataDirectory(files, path);
  return { ...layer, directory: layer.name };
}
