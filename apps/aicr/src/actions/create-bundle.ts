import { group } from "@slipway/base";
import { makeBundle, type Bundle, type BundleFile, type BundleOptions } from "@slipway/bundle";
import { DIRECTORY_LIMITS, enabledOf, type DataLayer, type Recipe } from "@slipway/recipe";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { execOf } from "./exec-of.ts";
import { withDocuments } from "./with-documents.ts";
import { BUNDLE_FLAGS } from "../flags/bundle-flags.ts";
import type { ValueFlags } from "../flags/value-flags.ts";
import type { BundleTarget } from "./bundle-target.ts";
import { decodeFilledRecipe } from "./decode-filled-recipe.ts";
import { openCatalog } from "./open-catalog.ts";
import { readOverrides } from "./read-overrides.ts";
import { readScheduling } from "./read-scheduling.ts";

const READS_AT_ONCE = 16;

/**
 * Makes the bundle that the flags of a command ask for, in memory.
 *
 * @param source where the recipe is
 * @param target where the bundle goes: a registry is where Argo CD and Flux will read it from, unless --repo is given
 * @throws SlipwayError as reading the recipe, opening the catalog, vendoring and `makeBundle` do
 */
export async function createBundle(
  deps: CommandDeps,
  context: CommandContext,
  source: string,
  values: ValueFlags,
  target: BundleTarget,
): Promise<Bundle> {
  const { read, progress } = context;
  const scheduling = readScheduling(context);
  const overrides = await readOverrides(deps, context, values);
  const { readDocument } = await import("@slipway/terminal/documents");
  const documents = await withDocuments(deps, context, [source]);
  const recipe = await readDocument(documents, source, "--recipe", decodeFilledRecipe);
  const { catalog, directory } = await openCatalog(deps, context);
  const enabled = recipe.components.filter((component) => enabledOf(component, catalog.registry, overrides).enabled);
  progress.show(`Making the bundle of ${enabled.length} components`);
  const charts = read(BUNDLE_FLAGS.vendorCharts)
    ? await vendor(deps, context, { ...recipe, components: enabled })
    : NONE;
  const copies = directory === undefined ? [] : await copiesOf(deps, directory);
  return makeBundle(
    recipe,
    catalog,
    {
      deployer: read(BUNDLE_FLAGS.deployer),
      overrides,
      scheduling,
      ...addressOf(context, target),
      plainHttp: read(BUNDLE_FLAGS.plainHttp),
      version: deps.build.version,
      extraFiles: [...charts.files, ...copies],
      vendored: charts.archives,
    },
    deps.io.signal,
  );
}

const NONE: { readonly files: readonly BundleFile[]; readonly archives: ReadonlyMap<string, string> } = {
  files: [],
  archives: new Map(),
};

async function vendor(deps: CommandDeps, { progress }: CommandContext, recipe: Recipe): Promise<typeof NONE> {
  progress.show(`Fetching the charts of ${recipe.components.length} components`);
  const { vendorCharts } = await import("@slipway/bundle/publish");
  return vendorCharts(recipe.components, { exec: await execOf(deps), signal: deps.io.signal });
}

/** The whole data directory below `data/`, so that the bundle says what it was made from. */
async function copiesOf(deps: CommandDeps, directory: DataLayer): Promise<readonly BundleFile[]> {
  const tasks = directory.paths.map((path) => async (): Promise<BundleFile> => {
    const content = await deps.files.read(`${directory.name}/${path}`, DIRECTORY_LIMITS.fileBytes);
    return { path: `data/${path}`, content, executable: false };
  });
  return group(READS_AT_ONCE, tasks, deps.io.signal);
}

function addressOf({ read, log }: CommandContext, target: BundleTarget): Pick<BundleOptions, "repo" | "revision"> {
  const repo = nonEmpty(read(BUNDLE_FLAGS.repo));
  const revision = nonEmpty(read(BUNDLE_FLAGS.revision));
  if (repo !== undefined || target.kind !== "registry") return { repo, revision };
  const { registry, repository, tag } = target.reference;
  if (revision !== undefined && revision !== tag)
    log.warn(`--revision ${revision} is ignored: the bundle is pushed with the tag ${tag}`);
  return { repo: `oci://${registry}/${repository}`, revision: tag };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
