import { SlipwayError, type TreeMap } from "@slipway/base";
import { deploymentOrder } from "./deployment-order.ts";
import type { Catalog, Overlay, Registry } from "./model.ts";
import { BASE_NAME } from "./overlay-file.ts";
import { mergeRegistries } from "./registry-file.ts";

/** Recipe data from one place: a directory, or the catalog that a program brings along. */
export interface DataLayer {
  /** What to call it in messages: the directory, or the name of the catalog. */
  readonly name: string;
  /** The directory, where a user named it; absent for what a program brings along. */
  readonly directory?: string | undefined;
  /** Every file, as a path with slashes below the root, in walk order. */
  readonly paths: readonly string[];
  readonly registry: Registry;
  /** The base and the overlays, in walk order; names may repeat. */
  readonly overlays: readonly Overlay[];
  /** What a user should know about the data, for stderr: keys that nothing reads. */
  readonly warnings?: readonly string[] | undefined;
  /** As in {@link Catalog}. */
  values(path: string): Promise<TreeMap | undefined>;
  /** As in {@link Catalog}. */
  text(path: string): Promise<string | undefined>;
}

/**
 * Lays recipe data over one another: registries merge by component name, a file hides the file of the same path below
 * it, and of overlays with one name that of the highest layer counts (within a layer the later in walk order).
 *
 * @param layers the lowest first
 * @throws SlipwayError NOT_FOUND when no layer has a base; INVALID_INPUT when a dependency of the base does not exist or
 * the base's dependencies form a cycle
 */
export async function loadCatalog(layers: readonly DataLayer[]): Promise<Catalog> {
  const warnings = layers.flatMap((layer) => layer.warnings ?? []);
  const visible = layers.flatMap((layer, index) => visibleOverlays(layer, layers.slice(index + 1)));
  const base = visible.findLast(({ overlay }) => isBaseFile(overlay.file))?.overlay;
  if (base === undefined) throw noBase(layers);
  const baseLayer = visible.findLast(({ overlay }) => isBaseFile(overlay.file))?.layer;
  deploymentOrder(base.components, () => shownIn(baseLayer, base.file));
  const overlays = new Map<string, Sourced>();
  for (const sourced of visible) {
    if (!isBaseFile(sourced.overlay.file)) addOverlay(overlays, sourced, warnings);
  }
  return {
    registry: layers.reduce<Registry>((merged, layer) => mergeRegistries(merged, layer.registry), []),
    base: { ...base, name: BASE_NAME },
    overlays: new Map([...overlays].map(([name, { overlay }]) => [name, overlay])),
    warnings,
    values: (path) => ownerOf(layers, path)?.values(path) ?? Promise.resolve(undefined),
    text: (path) => ownerOf(layers, path)?.text(path) ?? Promise.resolve(undefined),
    files: () => [...new Set(layers.flatMap((layer) => layer.paths))],
    shown: (path) => shownIn(ownerOf(layers, path), path),
    registryFile: (component) =>
      shownIn(
        layers.findLast(({ registry }) => registry.some(({ name }) => name === component)),
        "registry.yaml",
      ),
  };
}

interface Sourced {
  readonly overlay: Overlay;
  readonly layer: DataLayer;
}

/** Finds the layer that a path is read from. Sets are made once a layer, when the first path is asked for. */
function ownerOf(layers: readonly DataLayer[], path: string): DataLayer | undefined {
  return layers.findLast((layer) => pathsOf(layer).has(path));
}

const PATHS = new WeakMap<DataLayer, ReadonlySet<string>>();

function pathsOf(layer: DataLayer): ReadonlySet<string> {
  const known = PATHS.get(layer) ?? new Set(layer.paths);
  PATHS.set(layer, known);
  return known;
}

function visibleOverlays(layer: DataLayer, above: readonly DataLayer[]): readonly Sourced[] {
  return layer.overlays
    .filter(({ file }) => !above.some((higher) => pathsOf(higher).has(file)))
    .map((overlay) => ({ overlay, layer }));
}

function addOverlay(overlays: Map<string, Sourced>, sourced: Sourced, warnings: string[]): void {
  const { overlay, layer } = sourced;
  if (overlay.name === BASE_NAME) {
    warnings.push(`${shown(sourced)}: an overlay may not be named "${BASE_NAME}"; it is ignored`);
    return;
  }
  const present = overlays.get(overlay.name);
  if (present !== undefined && overlay.name !== "") {
    const how = present.layer === layer ? "comes later" : "is laid over it";
    warnings.push(
      `overlay "${overlay.name}" is defined twice: ${shown(sourced)} counts, because it ${how}, and ${shown(present)} does not`,
    );
  }
  overlays.set(overlay.name, sourced);
}

function shownIn(layer: DataLayer | undefined, path: string): string {
  return layer?.directory === undefined ? path : `${layer.directory}/${path}`;
}

function shown({ overlay, layer }: Sourced): string {
  return `${layer.name}/${overlay.file}`;
}

function isBaseFile(file: string): boolean {
  return file === "overlays/base.yaml" || file.endsWith("/overlays/base.yaml");
}

function noBase(layers: readonly DataLayer[]): SlipwayError {
  const names = layers.map((layer) => layer.name).join(", ");
  return new SlipwayError("NOT_FOUND", "the recipe data has no overlays/base.yaml", {
    place: { file: names },
    hint: "Every recipe starts from the base: add overlays/base.yaml, or leave out --no-embedded-data.",
  });
}
