import { SlipwayError, isTreeMap, own, type TreeMap } from "@slipway/base";
import type { KubeApi } from "../api.ts";
import type { KubeObject } from "../objects.ts";
import { RESOURCES } from "../resources.ts";
import { explained } from "./failure.ts";
import { addressOf, checkPlace, type ConfigMapPlace } from "./place.ts";

/** A document as it was found. */
export interface FoundDocument {
  readonly text: string;
  /** As the key says; absent: the text itself must show it. */
  readonly format: "json" | "yaml" | undefined;
}

/** Keys that say something about a document and are none themselves. */
const SIDE_KEYS = new Set(["format", "timestamp"]);
const KEYS = ["snapshot.yaml", "snapshot.json", "snapshot.txt", "recipe.yaml", "recipe.json"];

/**
 * Reads the document that a ConfigMap holds: the one that `format` names, else `snapshot.yaml`, `snapshot.json`,
 * `snapshot.txt` (which every kind of document is kept under), `recipe.yaml`, `recipe.json`, else the only key there is.
 *
 * @throws SlipwayError INVALID_INPUT for a name that cannot be one, or a ConfigMap without a document; NOT_ALLOWED with
 * the right that is missing; NOT_FOUND with the nearest name; what the client throws
 */
export async function readConfigMapDocument(
  api: Pick<KubeApi, "get" | "list">,
  place: ConfigMapPlace,
  signal?: AbortSignal,
): Promise<FoundDocument> {
  checkPlace(place);
  return documentOf(await configMapAt(api, place, signal), place);
}

async function configMapAt(
  api: Pick<KubeApi, "get" | "list">,
  place: ConfigMapPlace,
  signal?: AbortSignal,
): Promise<KubeObject> {
  try {
    return await api.get(RESOURCES.configMaps, place.name, { namespace: place.namespace, signal });
  } catch (error) {
    throw await explained(api, place, "get", error, signal);
  }
}

/** The document out of a ConfigMap. Throws INVALID_INPUT when it holds none, USAGE for a table. */
export function documentOf(object: KubeObject, place: ConfigMapPlace): FoundDocument {
  const data = mapAt(object, "data");
  const key = keyOf(data);
  const text = key === undefined ? undefined : own(data, key);
  const file = addressOf(place);
  if (key === undefined || typeof text !== "string") throw noDocument(object, file);
  if (/\.(?:txt|table)$/i.test(key))
    throw new SlipwayError("USAGE", "a table cannot be read back: write YAML or JSON there", { place: { file } });
  return { text, format: formatOf(key) };
}

function keyOf(data: TreeMap): string | undefined {
  const format = own(data, "format");
  const named = typeof format === "string" ? [`snapshot.${format}`] : [];
  const known = [...named, ...KEYS].find((key) => Object.hasOwn(data, key));
  const others = Object.keys(data).filter((key) => !SIDE_KEYS.has(key));
  return known ?? (others.length === 1 ? others[0] : undefined);
}

function formatOf(key: string): FoundDocument["format"] {
  if (/\.json$/i.test(key)) return "json";
  return /\.ya?ml$/i.test(key) ? "yaml" : undefined;
}

function noDocument(object: KubeObject, file: string): SlipwayError {
  const keys = [...Object.keys(mapAt(object, "data")), ...Object.keys(mapAt(object, "binaryData"))];
  const found = keys.length === 0 ? "it is empty" : `its keys are ${keys.join(", ")}`;
  return new SlipwayError("INVALID_INPUT", `the ConfigMap holds no document: ${found}`, {
    place: { file },
    hint: "Expected snapshot.yaml, snapshot.json, recipe.yaml or recipe.json, or a single key.",
  });
}

function mapAt(object: KubeObject, key: string): TreeMap {
  const found = own(object, key);
  return isTreeMap(found) ? found : {};
}
