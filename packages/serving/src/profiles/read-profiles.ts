import { SlipwayError, textAt } from "@slipway/base";
import { RESOURCES, isForbidden, isNotFound, type KubeApi, type KubeObject } from "@slipway/kube";
import { MANIFEST_KEY, cacheManifestName } from "../related/pods.ts";
import { shellWord } from "../shell.ts";
import { readNimCache, type NimCacheView } from "../status/nim-object.ts";
import { parseManifest, traitsOf, type ModelProfile } from "./manifest.ts";

/** The profiles of a cache. */
export interface CacheProfiles {
  readonly profiles: readonly ModelProfile[];
  /** Hashes of those that the cache holds. */
  readonly cached: ReadonlySet<string>;
  /** What is missing from the list, as a sentence. */
  readonly note: string | undefined;
}

/**
 * The profiles that a cache can choose from, out of the list that the operator reads from the model puller; without that
 * list, those that it holds.
 *
 * @throws SlipwayError NOT_FOUND when there is neither; INVALID_INPUT or TOO_LARGE for a list that cannot be read
 */
export async function readCacheProfiles(
  api: Pick<KubeApi, "get">,
  cache: KubeObject,
  signal?: AbortSignal,
): Promise<CacheProfiles> {
  const view = readNimCache(cache);
  const held = view.profiles.map(({ name, model, release, config }) => {
    const tags = new Map(config);
    return { id: name, model, release, image: "", ...traitsOf((tag) => tags.get(tag) ?? "") };
  });
  const cached = new Set(held.map(({ id }) => id));
  const list = await readList(api, view, signal);
  if (typeof list === "object") return { profiles: withHeld(list.profiles, held), cached, note: undefined };
  if (held.length === 0) throw noProfiles(view, list);
  return { profiles: held, cached, note: `only the profiles that the cache holds are shown: ${list}` };
}

function withHeld(listed: readonly ModelProfile[], held: readonly ModelProfile[]): readonly ModelProfile[] {
  const known = new Set(listed.map(({ id }) => id));
  return [...listed, ...held.filter(({ id }) => !known.has(id))];
}

/** @returns why there is no list, in a sentence, where there is none */
async function readList(
  api: Pick<KubeApi, "get">,
  { name, namespace }: NimCacheView,
  signal: AbortSignal | undefined,
): Promise<{ readonly profiles: readonly ModelProfile[] } | string> {
  const mapName = cacheManifestName(name);
  try {
    const map = await api.get(RESOURCES.configMaps, mapName, { namespace, signal });
    const text = textAt(map, "data", MANIFEST_KEY);
    if (text === "") return `ConfigMap ${mapName} has no key ${MANIFEST_KEY}`;
    return { profiles: parseManifest(text, `ConfigMap ${namespace}/${mapName}: ${MANIFEST_KEY}`) };
  } catch (error) {
    if (isNotFound(error)) return `there is no ConfigMap ${mapName}`;
    if (isForbidden(error) && error instanceof Error) return error.message;
    throw error;
  }
}

function noProfiles({ name, namespace, source, state }: NimCacheView, why: string): SlipwayError {
  const isHub = source === "hf" || source === "dataStore";
  return new SlipwayError("NOT_FOUND", `NIMCache ${name} has no list of profiles: ${why}`, {
    hint: isHub
      ? "Models of Hugging Face and NeMo have none: the engine chooses when the service starts."
      : `The operator reads it from the model puller first (state now: ${state || "none"}): kubectl nim explain nimcache ${shellWord(name)} -n ${shellWord(namespace)}`,
  });
}
