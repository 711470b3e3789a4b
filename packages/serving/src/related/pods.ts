import { own } from "@slipway/base";
import { RESOURCES, eachObject, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import type { NimKind } from "../resources.ts";

/** A NIM object by its address. */
export interface NimAddress {
  readonly kind: NimKind;
  readonly namespace: string;
  readonly name: string;
}

const MANAGED_BY = "app.kubernetes.io/managed-by";
/** What the NIM Operator writes into {@link MANAGED_BY}. */
export const OPERATOR_NAME = "k8s-nim-operator";

/**
 * Label selectors of an object's pods (NIM Operator 3.0 to its newest): those of a service carry its name as their
 * instance, or, on KServe, that of the InferenceService; those of a cache are its Job's, by the label that Kubernetes
 * itself sets, because the operator sets none with the cache's name.
 */
export function podSelectorsOf({ kind, name }: Pick<NimAddress, "kind" | "name">): readonly string[] {
  return kind === "NIMService"
    ? [`app.kubernetes.io/instance=${name}`, `serving.kserve.io/inferenceservice=${name}`]
    : [`batch.kubernetes.io/job-name=${cacheJobName(name)}`];
}

/** The Job that fills a cache. */
export function cacheJobName(cache: string): string {
  return `${cache}-job`;
}

/** The pod that reads the list of profiles before the Job starts; gone afterwards. It has no label of its own. */
export function cachePodName(cache: string): string {
  return `${cache}-pod`;
}

/** The ConfigMap with the list of profiles, under {@link MANIFEST_KEY}. */
export function cacheManifestName(cache: string): string {
  return `${cache}-manifest`;
}

/** Key of the list of profiles in its ConfigMap. */
export const MANIFEST_KEY = "model_manifest.yaml";

/** Whether a pod that a selector found may be the object's: the label of a Helm release can be the same. */
export function isOwnPod(pod: KubeObject): boolean {
  const manager = own(pod.metadata.labels ?? {}, MANAGED_BY);
  return manager === undefined || manager === OPERATOR_NAME;
}

/**
 * The pods of a service, or of what fills a cache, by name.
 *
 * @throws SlipwayError as {@link KubeApi.list} does
 */
export async function podsOf(
  api: Pick<KubeApi, "list">,
  address: NimAddress,
  signal?: AbortSignal,
): Promise<readonly KubeObject[]> {
  const { namespace, kind, name } = address;
  const selections = [
    ...podSelectorsOf(address).map((labelSelector) => ({ labelSelector })),
    ...(kind === "NIMCache" ? [{ fieldSelector: `metadata.name=${cachePodName(name)}` }] : []),
  ];
  const found = new Map<string, KubeObject>();
  for (const selection of selections) {
    for await (const pod of eachObject(api, RESOURCES.pods, { namespace, signal, ...selection }))
      if (isOwnPod(pod)) found.set(nameOf(pod), pod);
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, pod]) => pod);
}
