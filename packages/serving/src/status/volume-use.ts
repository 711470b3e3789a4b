import { listAt, numberAt, textAt, type Tree } from "@slipway/base";
import { nameOf, type KubeApi, type KubeObject } from "@slipway/kube";

/** How full a volume is, in bytes. */
export interface VolumeUse {
  readonly used: number;
  readonly capacity: number;
}

/** Most milliseconds for what is only nice to know. */
const PATIENCE_MS = 2000;

/**
 * How full the volume of a claim is, from the kubelet of a node where a running pod has it mounted (`nodes/proxy`).
 *
 * @param pods of the claim's namespace
 * @returns nothing where no pod has it mounted, the kubelet may not be asked, or does not say
 */
export async function volumeUse(
  api: Pick<KubeApi, "read">,
  claim: { readonly namespace: string; readonly name: string },
  pods: readonly KubeObject[],
  signal: AbortSignal,
): Promise<VolumeUse | undefined> {
  const pod = pods.find((candidate) => isRunning(candidate) && mounts(candidate, claim.name));
  if (pod === undefined) return undefined;
  const path = `/api/v1/nodes/${encodeURIComponent(textAt(pod, "spec", "nodeName"))}/proxy/stats/summary`;
  try {
    const summary = await api.read(path, { signal, timeoutMs: PATIENCE_MS });
    return useIn(summary, claim, nameOf(pod));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Whether a pod mounts a claim. */
export function mounts(pod: KubeObject, claim: string): boolean {
  return listAt(pod, "spec", "volumes").some(
    (volume) => textAt(volume, "persistentVolumeClaim", "claimName") === claim,
  );
}

function isRunning(pod: KubeObject): boolean {
  return textAt(pod, "status", "phase") === "Running" && /^[\w.-]+$/.test(textAt(pod, "spec", "nodeName"));
}

function useIn(
  summary: Tree,
  claim: { readonly namespace: string; readonly name: string },
  pod: string,
): VolumeUse | undefined {
  const volumes = listAt(summary, "pods")
    .filter((each) => textAt(each, "podRef", "namespace") === claim.namespace && textAt(each, "podRef", "name") === pod)
    .flatMap((each) => listAt(each, "volume"));
  const volume = volumes.find((each) => textAt(each, "pvcRef", "name") === claim.name);
  const [used, capacity] = [numberAt(volume, "usedBytes"), numberAt(volume, "capacityBytes")];
  return used === undefined || capacity === undefined ? undefined : { used, capacity };
}
