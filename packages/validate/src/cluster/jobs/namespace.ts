import { messageOf } from "@slipway/base";
import { RESOURCES, isAlreadyExists, isForbidden, type KubeApi, type KubeObject } from "@slipway/kube";
import { namespaceObject } from "./objects.ts";

/**
 * Sees to it that there is a namespace.
 *
 * @returns its UID when it was made here; nothing when it was there
 * @throws SlipwayError as the API does; NOT_FOUND when it is not there and may not be made
 */
export async function makeNamespace(api: KubeApi, name: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await api.create(RESOURCES.namespaces, namespaceObject(name), { signal })).metadata.uid;
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    if (!isForbidden(error)) throw error;
    // Who may not make namespaces may still work in one that is there.
    await api.get(RESOURCES.namespaces, name, { signal });
    return undefined;
  }
}

/** What somebody who uses a namespace has in it. */
const KINDS = [
  RESOURCES.pods,
  RESOURCES.jobs,
  RESOURCES.configMaps,
  RESOURCES.serviceAccounts,
  RESOURCES.secrets,
  RESOURCES.services,
  RESOURCES.deployments,
  RESOURCES.persistentVolumeClaims,
] as const;

/** What the control plane puts into every namespace. */
const BUILT_IN: readonly string[] = ["ConfigMap kube-root-ca.crt", "ServiceAccount default"];

/** A namespace that a run made, and what of the run may still be on its way out. */
export interface MadeNamespace {
  readonly name: string;
  readonly uid: string;
  readonly jobs: readonly string[];
}

/**
 * Deletes a namespace that nobody else uses.
 *
 * @returns nothing when it is gone; else why it stays
 */
export async function deleteNamespace(
  api: KubeApi,
  { name, uid, jobs }: MadeNamespace,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const found = await Promise.all(KINDS.map((kind) => others(api, kind, name, jobs, signal)));
    const [other] = found.flat();
    if (other !== undefined) return `${other} is in it`;
    await api.delete(RESOURCES.namespaces, name, { preconditions: { uid }, signal });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function others(
  api: KubeApi,
  kind: (typeof KINDS)[number],
  namespace: string,
  jobs: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  // More than what every namespace and a run have: whatever follows is somebody else's.
  const { items } = await api.list(kind, { namespace, metadataOnly: true, limit: 100, signal });
  return items
    .filter((object) => !isGoing(object, jobs))
    .map(({ metadata }) => `${kind.kind} ${metadata.name ?? ""}`)
    .filter((text) => !BUILT_IN.includes(text));
}

function isGoing({ metadata }: KubeObject, jobs: readonly string[]): boolean {
  const job = metadata.labels?.["batch.kubernetes.io/job-name"] ?? "";
  return metadata.deletionTimestamp !== undefined || jobs.includes(job);
}
