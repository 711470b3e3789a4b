import { RESOURCES } from "@slipway/kube";
import { outcomeOf, skipped, type Check } from "../context.ts";
import { conditionOf } from "../fields.ts";
import { list } from "../read.ts";
import { workloadOf } from "../workloads.ts";

/** Whether Karpenter, or the cluster autoscaler, runs and has nodes to add. */
export const clusterAutoscaling: Check = async (context) => {
  const [pools, deployments] = await Promise.all([
    list(context, NODE_POOLS),
    list(context, RESOURCES.deployments, {
      labelSelector: "app.kubernetes.io/name in (karpenter,cluster-autoscaler,aws-cluster-autoscaler)",
    }),
  ]);
  const workloads = (deployments ?? []).map(workloadOf);
  if (pools === undefined && workloads.length === 0)
    return skipped("neither Karpenter nor the cluster autoscaler is installed; a cloud may scale by itself, unseen");
  const ready = (pools ?? []).filter((pool) => conditionOf(pool, "Ready").isTrue);
  const problems = [
    ...workloads.filter(({ isReady }) => !isReady).map(({ text }) => text),
    ...(pools !== undefined && ready.length === 0 ? ["no NodePool of Karpenter is ready"] : []),
  ];
  const seen = [
    ...workloads.filter(({ isReady }) => isReady).map(({ text }) => text),
    ...ready.map(({ metadata }) => `NodePool ${metadata.name ?? ""}`),
  ];
  return outcomeOf(
    problems,
    seen,
    "the autoscaler of the cluster runs",
    "kubectl get nodepools,nodeclaims, and the log of the autoscaler, say what it waits for.",
  );
};

const NODE_POOLS = {
  group: "karpenter.sh",
  version: "v1",
  plural: "nodepools",
  kind: "NodePool",
  namespaced: false,
} as const;
