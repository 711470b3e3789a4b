import { SlipwayError, didYouMean, type TreeMap } from "@slipway/base";
import type { Catalog, ComponentRef } from "@slipway/recipe";
import { UnknownFunctionError, commonManifestFunctions, render } from "@slipway/template";
import { pathFault } from "./bundle-path.ts";
import { holdsObjects, isBuiltIn, readManifest, type ManifestObject } from "./manifest-objects.ts";
import type { Manifest } from "./model.ts";

/** The manifests of a component, and what the user should know of them. */
export interface RenderedManifests {
  readonly manifests: readonly Manifest[];
  readonly warnings: readonly string[];
}

/** What a template prints for a value that is not there. */
const NO_VALUE = "<no value>";

/**
 * Renders the manifest templates of a component, in their order. One that renders to comments, blanks and separators only
 * is left out. A base name that is taken already gets a number, with a warning: release 0.11.1 of aicr lets the later
 * file replace the earlier one. A document that is no object of Kubernetes, and a value that is not there, are warned of: that release accepts it.
 *
 * @param values with overrides and scheduling
 * @throws SlipwayError NOT_FOUND when the catalog has no such file, INVALID_TEMPLATE with file, line and column,
 *   INVALID_INPUT for a name that no file may have, and for a manifest that renders to no YAML
 */
export async function renderManifests(
  catalog: Catalog,
  component: ComponentRef,
  values: TreeMap,
  signal: AbortSignal,
): Promise<RenderedManifests> {
  const manifests: Manifest[] = [];
  const warnings: string[] = [];
  for (const file of component.manifestFiles ?? []) {
    signal.throwIfAborted();
    const source = await sourceOf(catalog, component, file);
    const data = dataOf(component, values);
    const shown = catalog.shown(file);
    const content = renderPlain(source, data, shown) ?? (await renderWithLibraries(source, data, shown));
    if (!holdsObjects(content)) continue;
    const { documents, objects, faults } = readManifest(content, component.name, shown);
    if (documents.length === 0) continue;
    for (const fault of faults) warnings.push(`${component.name}: ${shown} is no manifest of Kubernetes: ${fault}`);
    if (content.includes(NO_VALUE))
      warnings.push(`${component.name}: ${shown} renders to ${NO_VALUE}: a value that it reads is not set`);
    const wanted = baseName(component, file);
    const name = freeName(
      wanted,
      manifests.map((manifest) => manifest.name),
    );
    if (name !== wanted)
      warnings.push(`${component.name}: two manifests are named ${wanted}; ${file} is written as ${name}`);
    manifests.push({ name, content, documents, ...placement(objects, component.namespace) });
  }
  return { manifests, warnings };
}

/** Nothing when a function is called that {@link commonManifestFunctions} lack. */
function renderPlain(source: string, data: TreeMap, name: string): string | undefined {
  try {
    return render(source, data, { name, functions: commonManifestFunctions });
  } catch (error) {
    if (error instanceof SlipwayError && error.cause instanceof UnknownFunctionError) return undefined;
    throw error;
  }
}

/** The libraries behind the functions that few manifests call take longer to load than all manifests to render. */
async function renderWithLibraries(source: string, data: TreeMap, name: string): Promise<string> {
  const { manifestFunctions } = await import("@slipway/template/manifest-functions");
  return render(source, data, { name, functions: manifestFunctions });
}

async function sourceOf(catalog: Catalog, component: ComponentRef, file: string): Promise<string> {
  const source = await catalog.text(file);
  if (source !== undefined) return source;
  throw new SlipwayError("NOT_FOUND", `the catalog has no manifest "${file}"`, {
    place: { field: `${component.name}.manifestFiles` },
    hint: didYouMean(file, catalog.files()) ?? `Add ${file} to the data directory.`,
  });
}

/** What a template sees (release 0.11.1 of aicr); `.Values` has one key, the name of the component. */
function dataOf(component: ComponentRef, values: TreeMap): TreeMap {
  const version = component.version?.replace(/^v/, "") ?? "0.1.0";
  return {
    Values: { [component.name]: values },
    Release: { Namespace: component.namespace ?? "", Service: "Helm" },
    Chart: { Name: component.chart ?? component.name, Version: version },
  };
}

function baseName(component: ComponentRef, file: string): string {
  const name = file.split("/").at(-1) ?? "";
  const fault = pathFault(name);
  if (fault === undefined) return name;
  throw new SlipwayError("INVALID_INPUT", `"${file}" cannot name a manifest: ${fault}`, {
    place: { field: `${component.name}.manifestFiles` },
  });
}

/** Compared without case, for the disks that do so too. */
function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  const dot = wanted.lastIndexOf(".");
  const [stem, extension] = dot < 1 ? [wanted, ""] : [wanted.slice(0, dot), wanted.slice(dot)];
  let name = wanted;
  for (let number = 2; used.has(name.toLowerCase()); number++) name = `${stem}-${number}${extension}`;
  return name;
}

function placement(
  objects: readonly ManifestObject[],
  namespace: string | undefined,
): Omit<Manifest, "name" | "content" | "documents"> {
  return {
    isEarly: objects.length > 0 && objects.every((object) => isBuiltIn(object.apiVersion)),
    inNamespace: objects.every((object) => object.namespace === undefined || object.namespace === namespace),
    definesNamespace: objects.some((object) => object.apiVersion === "v1" && object.kind === "Namespace"),
  };
}
