import { SlipwayError, didYouMean, mergeTrees, type TreeMap } from "@slipway/base";
import type { Catalog, ComponentRef } from "./model.ts";

/** What one source gives to the values of a component. */
export type ValuesLayer = ValuesFile | { readonly kind: "overrides"; readonly values: TreeMap };

/** A values file of a component. */
export interface ValuesFile {
  /** `base file` is components/NAME/values.yaml where `valuesFile` is another file. */
  readonly kind: "base file" | "values file";
  /** Path in the catalog. */
  readonly file: string;
  readonly values: TreeMap;
}

/**
 * The sources of a component's values, the lowest first (release 0.11.1 of aicr): the file of the component's own folder
 * when `valuesFile` is another and it exists, then `valuesFile`, then `overrides`. Without `valuesFile` no file counts.
 *
 * @throws SlipwayError NOT_FOUND when there is no such `valuesFile`, naming the nearest; INVALID_INPUT (file, line,
 * column) for a file that is no map
 */
export async function valuesLayers(
  catalog: Pick<Catalog, "values" | "files">,
  component: ComponentRef,
): Promise<readonly ValuesLayer[]> {
  const layers: ValuesLayer[] = [];
  if (component.valuesFile !== undefined) {
    const base = `components/${component.name}/values.yaml`;
    const own = component.valuesFile === base ? undefined : await catalog.values(base);
    if (own !== undefined) layers.push({ kind: "base file", file: base, values: own });
    const values = await catalog.values(component.valuesFile);
    if (values === undefined) throw noFile(catalog, component.name, component.valuesFile);
    layers.push({ kind: "values file", file: component.valuesFile, values });
  }
  if (component.overrides !== undefined) layers.push({ kind: "overrides", values: component.overrides });
  return layers;
}

/** The values of a component: its {@link valuesLayers}, each laid over those before it. Errors as there. */
export async function componentValues(
  catalog: Pick<Catalog, "values" | "files">,
  component: ComponentRef,
): Promise<TreeMap> {
  const layers = await valuesLayers(catalog, component);
  return layers.reduce<TreeMap>((under, { values }) => mergeTrees(under, values), {});
}

function noFile(catalog: Pick<Catalog, "files">, component: string, file: string): SlipwayError {
  const message = `component "${component}" has the values file "${file}", which the catalog does not have`;
  const candidates = catalog.files().filter((path) => path.startsWith("components/") && /\.ya?ml$/.test(path));
  return new SlipwayError("NOT_FOUND", message, {
    hint: didYouMean(file, candidates) ?? `Add ${file} to the data directory, or name another file.`,
  });
}
