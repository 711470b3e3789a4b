import { SlipwayError, compactJson, isTreeMap, optionalMap, parseJson, type Tree, type TreeMap } from "@slipway/base";
import type { DataLayer } from "./catalog.ts";
import { decodeFile } from "./decode-file.ts";
import type { Overlay, Registry } from "./model.ts";

/**
 * A layer of recipe data as a value that JSON can hold, so that a program can carry its catalog and start without
 * reading or decoding anything.
 */
export interface CompiledCatalog {
  readonly registry: Registry;
  /** The base and the overlays. */
  readonly overlays: readonly Overlay[];
  /** Values files by path, each as JSON text: parsed when it is asked for. */
  readonly values: Readonly<Record<string, string>>;
  /** Every file by path. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Decodes a whole layer once, at build time.
 *
 * @throws SlipwayError of the layer, for any file that does not decode or is not text; INVALID_INPUT for infinity or
 * "not a number" in a file of values, for which JSON has no number
 */
export async function compileCatalog(layer: DataLayer): Promise<CompiledCatalog> {
  const texts: (readonly [string, string])[] = [];
  const values: (readonly [string, string])[] = [];
  for (const path of layer.paths) {
    texts.push([path, (await layer.text(path)) ?? ""]);
    if (isValuesFile(path)) values.push([path, compactJson((await layer.values(path)) ?? {})]);
  }
  for (const overlay of layer.overlays) requireJson(overlay);
  return {
    registry: layer.registry,
    overlays: layer.overlays,
    values: Object.fromEntries(values),
    texts: Object.fromEntries(texts),
  };
}

/**
 * A compiled catalog as a layer. It is trusted, so nothing is checked, and nothing is parsed before it is asked for.
 *
 * @param name what to call it in messages
 */
export function compiledLayer(compiled: CompiledCatalog, name: string): DataLayer {
  return {
    name,
    get paths() {
      return Object.keys(compiled.texts);
    },
    registry: compiled.registry,
    overlays: compiled.overlays,
    text: async (path) => entry(compiled.texts, path),
    values: async (path) => {
      const json = entry(compiled.values, path);
      if (json !== undefined) return mapOf(parseJson(json, path));
      const text = entry(compiled.texts, path);
      return text === undefined ? undefined : decodeFile(text, path, (cursor) => optionalMap(cursor) ?? {});
    },
  };
}

/** JSON.stringify would lose an infinity and stop at an integer beyond 2^53. */
function requireJson({ file, components }: Overlay): void {
  const check = (value: Tree): void => {
    if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) {
      const message = `the number ${value} cannot be compiled; write it into a values file, or as text`;
      throw new SlipwayError("INVALID_INPUT", message, { place: { file } });
    }
    if (typeof value === "object" && value !== null) Object.values(value).forEach(check);
  };
  for (const { overrides = {}, expectedResources = [] } of components) check([overrides, ...expectedResources]);
}

/** Components keep their values beside their manifests; other YAML is read as values only when a recipe says so. */
function isValuesFile(path: string): boolean {
  return /^components\/.*\.ya?ml$/.test(path) && !path.includes("/manifests/");
}

function entry(record: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function mapOf(value: Tree): TreeMap {
  return isTreeMap(value) ? value : {};
}
