import { listError, missingObject } from "@slipway/serving";
import { isNotFound, nameOf, type KubeClient, type KubeObject } from "@slipway/kube";
import type { Target } from "./targets.ts";

/** Where objects are looked for. */
export interface Search {
  readonly client: KubeClient;
  /** Absent: in all namespaces. */
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
}

/** What became of the search for one target. */
export interface Found {
  readonly target: Target;
  /** More than one only where a name was looked for in all namespaces. */
  readonly objects: readonly KubeObject[];
  /** Why there is none. */
  readonly failure?: unknown;
}

/** Requests that are under way at the same time. */
const AT_ONCE = 16;

/** Looks for named objects, each by itself; one that is not found does not keep others from being found. */
export async function findObjects(search: Search, targets: readonly Target[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (let at = 0; at < targets.length; at += AT_ONCE) {
    const some = targets.slice(at, at + AT_ONCE).map((target) => findObject(search, target));
    found.push(...(await Promise.all(some)));
    search.signal.throwIfAborted();
  }
  return found;
}

async function findObject(search: Search, target: Target): Promise<Found> {
  const { client, namespace, signal } = search;
  const { kind, name = "" } = target;
  try {
    if (namespace !== undefined)
      return { target, objects: [await client.get(kind.resource, name, { namespace, signal })] };
    const { items } = await client.list(kind.resource, { fieldSelector: `metadata.name=${name}`, signal });
    const objects = items.filter((object) => nameOf(object) === name);
    if (objects.length > 0) return { target, objects };
  } catch (error) {
    if (namespace === undefined || !isNotFound(error)) return { target, objects: [], failure: listError(error, kind) };
  }
  try {
    return { target, objects: [], failure: await missingObject(client, kind, name, namespace, signal) };
  } catch (error) {
    return { target, objects: [], failure: error };
  }
}
