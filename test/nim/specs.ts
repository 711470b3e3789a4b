import type { TreeMap } from "@slipway/base";

/** A claim that the operator makes. */
export const OWN_CLAIM: TreeMap = { pvc: { create: true, size: "50Gi" } };

/** A service with a claim of its own. */
export function serviceSpec(more: TreeMap = {}): TreeMap {
  return {
    image: { repository: "nvcr.io/nim/meta/llama3-8b-instruct", tag: "1.0.3", pullSecrets: ["ngc-secret"] },
    authSecret: "ngc-api-secret",
    resources: { limits: { "nvidia.com/gpu": "1" } },
    storage: OWN_CLAIM,
    ...more,
  };
}

/** A cache of an image of NGC. */
export function cacheSpec(model: TreeMap = {}): TreeMap {
  const modelPuller = "nvcr.io/nim/meta/llama3-8b-instruct:1.0.3";
  const ngc = { authSecret: "ngc-api-secret", modelPuller, pullSecret: "ngc-secret", model };
  return { source: { ngc }, storage: OWN_CLAIM };
}
