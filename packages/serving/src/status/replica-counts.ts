import { numberAt, textAt } from "@slipway/base";
import { RESOURCES, eachObject, isForbidden, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import type { NimServiceView } from "./nim-object.ts";
import { availableReplicas } from "./replicas.ts";

/** How many copies of services are available. */
export interface ReplicaCounts {
  /** Whether the Deployments could not be looked at, for lack of rights. */
  readonly isPartial: boolean;
  /** Nothing where it cannot be known. */
  of(service: NimServiceView): number | undefined;
}

/**
 * Counts what the operator leaves out of the status of a service: the available replicas of its Deployment, or of the one
 * that KServe makes of an InferenceService. One list for all of them; none when every status has the number.
 *
 * @param namespace absent: all namespaces
 * @throws SlipwayError as {@link KubeApi.list} does, but for a lack of rights
 */
export async function replicaCounts(
  api: Pick<KubeApi, "list">,
  services: readonly NimServiceView[],
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<ReplicaCounts> {
  const isKnown = services.every(({ available }) => available !== undefined);
  const counts = isKnown ? new Map<string, number>() : await deploymentCounts(api, namespace, signal);
  return {
    isPartial: counts === undefined,
    of: (service) => service.available ?? countOf(counts, service) ?? availableReplicas(service) ?? fallback(counts),
  };
}

/** A service without a Deployment has no copies; where Deployments cannot be seen, nobody knows. */
function fallback(counts: ReadonlyMap<string, number> | undefined): number | undefined {
  return counts === undefined ? undefined : 0;
}

function countOf(
  counts: ReadonlyMap<string, number> | undefined,
  { namespace, name }: NimServiceView,
): number | undefined {
  return counts?.get(`${namespace}/${name}`) ?? counts?.get(`${namespace}/${name}-predictor`);
}

async function deploymentCounts(
  api: Pick<KubeApi, "list">,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = new Map<string, number>();
  try {
    for await (const deployment of eachObject(api, RESOURCES.deployments, { namespace, signal }))
      counts.set(keyOf(deployment), numberAt(deployment, "status", "availableReplicas") ?? 0);
    return counts;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function keyOf(deployment: KubeObject): string {
  return `${textAt(deployment, "metadata", "namespace")}/${nameOf(deployment)}`;
}
