import type { Tree, TreeMap } from "@slipway/base";

/** When conditions came about, unless told. */
const AT = "2026-01-02T03:00:00Z";

/** A NIMService or NIMCache of the namespace `nim`. */
export function nimObject(kind: string, name: string, spec: Tree, status: Tree, namespace = "nim"): TreeMap {
  return { apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata: { name, namespace }, spec, status };
}

/** A condition of a status. */
export function condition(
  type: string,
  status: string,
  reason: string,
  message: string,
  lastTransitionTime = AT,
): TreeMap {
  return { type, status, reason, message, lastTransitionTime };
}

/** A cache that is filled. */
export const CACHE = nimObject(
  "NIMCache",
  "llama",
  { source: { ngc: {} }, storage: { pvc: { create: true, size: "50Gi" } } },
  {
    state: "Ready",
    pvc: "llama-pvc",
    profiles: [{ name: "a1b2", model: "meta/llama", release: "1.3", config: { tp: "2", gpu: "H100" } }],
    conditions: [
      condition("NIM_CACHE_PVC_CREATED", "True", "PVCCreated", "The PVC has been created for caching NIM model"),
      condition(
        "NIM_CACHE_JOB_COMPLETED",
        "True",
        "JobCompleted",
        "The Job to cache NIM has successfully completed",
        "2026-01-02T03:02:00Z",
      ),
    ],
  },
);
