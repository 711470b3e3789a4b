/** The checks that look through the API, as a catalog names them. */
export const CHECK_NAMES = [
  "accelerator-metrics",
  "ai-service-metrics",
  "cluster-autoscaling",
  "dra-support",
  "expected-resources",
  "gang-scheduling",
  "gpu-operator-health",
  "gpu-operator-version",
  "gpus-allocatable",
  "inference-gateway",
  "node-constraints",
  "operator-health",
  "platform-health",
  "pod-autoscaling",
  "releases-installed",
  "robust-controller",
  "secure-accelerator-access",
  "workloads-ready",
] as const;

/** A check that looks through the API. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** Whether this build has a check of that name. */
export function isCheckName(name: string): name is CheckName {
  return CHECK_NAMES.some((known) => known === name);
}
