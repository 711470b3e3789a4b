import { isTreeMap, mergeTrees, type Tree, type TreeMap } from "@slipway/base";
import { applyOverrides } from "./apply-overrides.ts";
import { valuesLayers, type ValuesFile } from "./component-values.ts";
import { hydratedComponent } from "./hydrate.ts";
import { mergeComponent, mergeOverlays } from "./merge-overlay.ts";
import type { Catalog, ComponentRef, Overlay, Recipe } from "./model.ts";
import { overridesFor } from "./override-source.ts";
import { constraintTree } from "./recipe-document.ts";
import { withRegistryDefaults } from "./registry-defaults.ts";
import { overrideText, type ValueOverride } from "./value-override.ts";

/** Where a value of a hydrated recipe can come from. Files are paths in the catalog, with the directory of a user's. */
export type Layer = OverlayLayer | ValuesFileLayer | SetLayer | RegistryLayer | ComputedLayer;

/** What an overlay says: the base itself, another overlay, or the `overrides` that either gives a component. */
interface OverlayLayer {
  readonly kind: "base" | "overlay" | "override";
  readonly name: string;
  readonly file: string;
}

/** A values file of a component: that of its own folder, or the one that an overlay chose. */
interface ValuesFileLayer {
  readonly kind: "base file" | "values file";
  readonly file: string;
  /** The overlay that chose the file. */
  readonly name?: string | undefined;
}

/** What the registry gives to a component that leaves it empty. */
interface RegistryLayer {
  readonly kind: "registry default";
  /** The registry that the component's entry is from. */
  readonly file: string;
}

/** What is worked out when a recipe is resolved. */
interface ComputedLayer {
  readonly kind: "computed";
}

/** What a user sets. */
interface SetLayer {
  readonly kind: "set";
  /** The argument, shortened. */
  readonly name: string;
}

/** What a history reads of a catalog. */
export type HistoryCatalog = Pick<Catalog, "values" | "files" | "registry" | "shown" | "registryFile">;

/** What a layer leaves behind. */
export interface LayerState {
  readonly layer: Layer;
  /** The document after the layer. */
  readonly state: Tree;
  /** What the layer itself says. */
  readonly own: Tree;
}

/**
 * A component after each layer, the lowest first. The states come from the very functions that resolve and hydrate a
 * recipe, run over the first layers only, so they cannot tell another story than the result.
 *
 * @param resolved the recipe and its overlays, base first, in merge order
 */
export async function componentHistory(
  catalog: HistoryCatalog,
  resolved: { readonly recipe: Recipe; readonly overlays: readonly Overlay[] },
  name: string,
  overrides: readonly ValueOverride[],
): Promise<readonly LayerState[]> {
  const component = resolved.recipe.components.find((candidate) => candidate.name === name);
  if (component === undefined) return [];
  const stages = stagesOf(resolved.overlays, name);
  const history: LayerState[] = stages.map(({ overlay, own, merged }) => ({
    layer: overlayLayer(overlay, resolved.overlays, catalog),
    state: fieldsOf(merged),
    own: fieldsOf(own),
  }));
  const merged = stages.at(-1)?.merged ?? component;
  const [complete = merged] = withRegistryDefaults([merged], catalog.registry);
  const fields = fieldsOf(complete);
  history.push({ layer: { kind: "registry default", file: catalog.registryFile(name) }, state: fields, own: {} });
  const files = (await valuesLayers(catalog, component)).filter((layer) => layer.kind !== "overrides");
  for (const { layer, values, own } of [...fileStates(files, stages), ...overrideStates(files, stages)]) {
    history.push({
      layer: "file" in layer ? { ...layer, file: catalog.shown(layer.file) } : layer,
      state: { ...fields, values },
      own: { values: own },
    });
  }
  const last = history.at(-1)?.state ?? fields;
  return [...history, ...setStates(catalog, name, last, overrides)];
}

/** The constraints after each overlay, as a map by name. */
export function constraintHistory(
  overlays: readonly Overlay[],
  catalog: Pick<HistoryCatalog, "shown">,
): readonly LayerState[] {
  let state: TreeMap = {};
  return overlays.map((overlay) => {
    const own = Object.fromEntries(
      mergeOverlays([overlay]).constraints.map((constraint) => [constraint.name, constraintTree(constraint)]),
    );
    state = { ...state, ...own };
    return { layer: overlayLayer(overlay, overlays, catalog), state, own };
  });
}

/** A component in one overlay, and as merged up to there. */
interface Stage {
  readonly overlay: Overlay;
  readonly own: ComponentRef;
  readonly merged: ComponentRef;
}

interface ValuesState {
  readonly layer: Layer;
  readonly values: TreeMap;
  readonly own: TreeMap;
}

/** Overlays merge component by component, so one component can be followed without the others. */
function stagesOf(overlays: readonly Overlay[], name: string): readonly Stage[] {
  let before: ComponentRef | undefined;
  return overlays.flatMap((overlay) => {
    const components = overlay.components.filter((component) => component.name === name);
    const [own] = mergeOverlays([{ ...overlay, components }]).components;
    if (own === undefined) return [];
    const merged: ComponentRef =
      components.reduce((under, over) => (under === undefined ? over : mergeComponent(under, over)), before) ?? own;
    before = merged;
    return [{ overlay, own, merged }];
  });
}

function fileStates(files: readonly ValuesFile[], stages: readonly Stage[]): readonly ValuesState[] {
  const chosenBy = stages.findLast(({ own }) => own.valuesFile !== undefined)?.overlay.name;
  return files.map(({ kind, file, values }, index) => ({
    layer: kind === "base file" ? { kind, file } : { kind, file, name: chosenBy },
    values: mergeAll(files.slice(0, index + 1)),
    own: values,
  }));
}

function overrideStates(files: readonly ValuesFile[], stages: readonly Stage[]): readonly ValuesState[] {
  const below = mergeAll(files);
  return stages.flatMap(({ overlay, own, merged }) => {
    if (own.overrides === undefined) return [];
    const values = mergeTrees(below, merged.overrides ?? {});
    return [{ layer: { kind: "override", name: overlay.name, file: overlay.file }, values, own: own.overrides }];
  });
}

function setStates(
  catalog: Pick<Catalog, "registry">,
  name: string,
  before: Tree,
  overrides: readonly ValueOverride[],
): readonly LayerState[] {
  const { values: start, ...fields } = { values: {}, ...mapOf(before) };
  let values = mapOf(start);
  return overridesFor(name, catalog.registry, overrides).overrides.map((override) => {
    const applied = applyOverrides(values, [override]);
    values = applied.values;
    const layer: Layer = { kind: "set", name: overrideText(override) };
    const own = applied.warnings.length > 0 ? {} : { values: applyOverrides({}, [override]).values };
    return { layer, state: { ...fields, values }, own };
  });
}

function mergeAll(layers: readonly ValuesFile[]): TreeMap {
  return layers.reduce<TreeMap>((under, { values }) => mergeTrees(under, values), {});
}

function overlayLayer(
  overlay: Overlay,
  overlays: readonly Overlay[],
  catalog: Pick<HistoryCatalog, "shown">,
): OverlayLayer {
  const file = catalog.shown(overlay.file);
  return { kind: overlay === overlays[0] ? "base" : "overlay", name: overlay.name, file };
}

/** The fields of a component that hold something: type and source are empty until something sets them. */
function fieldsOf(component: ComponentRef): TreeMap {
  return Object.fromEntries(Object.entries(hydratedComponent(component)).filter(([, value]) => value !== ""));
}

function mapOf(tree: Tree | undefined): TreeMap {
  return isTreeMap(tree) ? tree : {};
}
