import { SlipwayError, didYouMean } from "@slipway/base";
import type { KubeApi } from "../api.ts";
import { KubeApiError, isNotFound } from "../errors.ts";
import { nameOf } from "../objects.ts";
import { eachObject } from "../pages.ts";
import { RESOURCES, type Resource } from "../resources.ts";
import { addressOf, type ConfigMapPlace } from "./place.ts";

/** More names than these are not looked through for one that is meant. */
const MOST_NAMES = 2000;

/**
 * What went wrong with a ConfigMap, in the words of who named it: which right is missing, whether the namespace or the
 * ConfigMap is not there, and what is there that may be meant.
 *
 * @param verb what was tried: `get`, `patch`
 */
export async function explained(
  api: Pick<KubeApi, "get" | "list">,
  place: ConfigMapPlace,
  verb: string,
  error: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof SlipwayError)) return error;
  if (error instanceof KubeApiError && error.status === 403) return missingRight(place, verb, error);
  if (isNotFound(error)) return missing(api, place, error, signal);
  return error.at({ file: addressOf(place) });
}

function missingRight(place: ConfigMapPlace, tried: string, error: KubeApiError): SlipwayError {
  // The server names the verb: an apply also needs the right to create.
  const verb = /\bcannot (\w+) resource/.exec(error.message)?.[1] ?? tried;
  const { namespace, name } = place;
  return new SlipwayError("NOT_ALLOWED", `you may not ${verb} configmaps in the namespace ${namespace}`, {
    place: { file: addressOf(place) },
    hint: `Check with: kubectl auth can-i ${verb} configmap/${name} -n ${namespace}`,
    cause: error,
  });
}

async function missing(
  api: Pick<KubeApi, "get" | "list">,
  place: ConfigMapPlace,
  cause: unknown,
  signal: AbortSignal | undefined,
): Promise<SlipwayError> {
  const { namespace, name } = place;
  const details = { place: { file: addressOf(place) }, cause };
  if (!(await hasNamespace(api, namespace, signal))) {
    const names = await namesOf(api, RESOURCES.namespaces, undefined, signal);
    const hint = didYouMean(namespace, names) ?? `Make it with: kubectl create namespace ${namespace}`;
    return new SlipwayError("NOT_FOUND", `the namespace ${namespace} does not exist`, { ...details, hint });
  }
  const names = await namesOf(api, RESOURCES.configMaps, namespace, signal);
  const hint = didYouMean(name, names) ?? `See what is there with: kubectl get configmaps -n ${namespace}`;
  const message = `there is no ConfigMap ${name} in the namespace ${namespace}`;
  return new SlipwayError("NOT_FOUND", message, { ...details, hint });
}

/** Whoever may not ask is taken to mean a namespace that exists. */
async function hasNamespace(api: Pick<KubeApi, "get">, name: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await api.get(RESOURCES.namespaces, name, { signal });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    return !isNotFound(error);
  }
}

/** No names where listing is not allowed or fails: they only serve a hint. */
async function namesOf(
  api: Pick<KubeApi, "list">,
  resource: Resource,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const object of eachObject(api, resource, { namespace, metadataOnly: true, signal })) {
      names.push(nameOf(object));
      if (names.length >= MOST_NAMES) break;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
  }
  return names;
}
