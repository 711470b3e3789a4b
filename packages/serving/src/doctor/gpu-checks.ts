import { textAt } from "@slipway/base";
import { gpuNodesOf, gpuProducts, type GpuNode } from "../gpus/gpu-nodes.ts";
import { nameOf } from "@slipway/kube";
import { PCI_LABEL } from "../gpus/gpu-nodes.ts";
import { shellWord } from "../shell.ts";
import { counted, unseen, type Check } from "./check.ts";
import type { World } from "./world.ts";

const INSTALL =
  "helm upgrade --install gpu-operator gpu-operator --repo https://helm.ngc.nvidia.com/nvidia -n gpu-operator --create-namespace";

/** The GPU operator, by its ClusterPolicy. GPUs work without it too, so that its absence fails nothing. */
export function gpuOperatorCheck({ clusterPolicies }: World): Check {
  const name = "GPU Operator";
  if (clusterPolicies.state === "unknown") return unseen(name, clusterPolicies);
  const [policy] = clusterPolicies.state === "found" ? clusterPolicies.value : [];
  if (policy === undefined)
    return {
      name,
      status: "warning",
      found: "no ClusterPolicy: driver, device plugin and labels must come from elsewhere",
      advice: "Install the GPU Operator unless something else does its work.",
      command: INSTALL,
    };
  const state = textAt(policy, "status", "state") || "no state";
  if (state === "ready") return { name, status: "ok", found: `ClusterPolicy ${nameOf(policy)} is ready` };
  return {
    name,
    status: "warning",
    found: `ClusterPolicy ${nameOf(policy)}: ${state}`,
    advice: "See which of its parts is not ready.",
    command: `kubectl describe clusterpolicy ${shellWord(nameOf(policy))}`,
  };
}

/** The GPUs, those that are free, and the labels that the caching Job asks for. */
export function gpuChecks({ nodes, usedGpus }: World): readonly Check[] {
  if (nodes.state === "unknown") return [unseen("GPUs", nodes)];
  const used = usedGpus.state === "found" ? usedGpus.value : new Map<string, number>();
  const found = gpuNodesOf(nodes.state === "found" ? nodes.value : [], used);
  if (found.length === 0)
    return [
      {
        name: "GPUs",
        status: "failed",
        found: "no node has NVIDIA GPUs",
        advice: "Add a node with GPUs. If there is one, Node Feature Discovery has not labelled it.",
        command: "kubectl get nodes --show-labels",
      },
    ];
  if (usedGpus.state === "unknown")
    return [...productChecks(found, false), unseen("free GPUs", usedGpus), labelCheck(found)];
  return [...productChecks(found, true), labelCheck(found)];
}

function productChecks(found: readonly GpuNode[], isUseKnown: boolean): readonly Check[] {
  return gpuProducts(found).map(({ product, nodes, total, free, slices }) => {
    const name = `GPUs ${product}`;
    const where = `on ${counted(nodes, "node")}`;
    if (total === 0 && slices > 0)
      return { name, status: "ok", found: `${counted(slices, "slice")} (MIG) ${where}, no whole ones` };
    if (total === 0)
      return {
        name,
        status: "failed",
        found: `hardware ${where}, and none of it offered to pods`,
        advice: "Driver or device plugin do not run there: see the GPU Operator's pods.",
        command: "kubectl get pods -n gpu-operator",
      };
    if (!isUseKnown) return { name, status: "ok", found: `${total} ${where}` };
    const text = `${free} of ${total} free ${where}`;
    if (free > 0) return { name, status: "ok", found: text };
    return {
      name,
      status: "warning",
      found: text,
      advice: "A new service waits until GPUs are free: stop something, or add nodes.",
      command: "kubectl get nimservices --all-namespaces",
    };
  });
}

function labelCheck(found: readonly GpuNode[]): Check {
  const name = "node labels";
  const bare = found.filter(({ hasPciLabel }) => !hasPciLabel).map(({ name: node }) => node);
  if (bare.length < found.length)
    return { name, status: "ok", found: `${counted(found.length - bare.length, "node")} with ${PCI_LABEL}=true` };
  return {
    name,
    status: "failed",
    found: `no GPU node has ${PCI_LABEL}=true, which the Jobs that fill caches ask for`,
    advice: "Install Node Feature Discovery (the GPU Operator brings it along), or label a node by hand.",
    command: `kubectl label node ${shellWord(bare[0] ?? "NODE")} ${PCI_LABEL}=true`,
  };
}

/** The runtime class that pods with GPUs need where NVIDIA's runtime is not the default one. */
export function runtimeClassCheck({ runtimeClass }: World): Check {
  const name = "runtime class";
  if (runtimeClass.state === "unknown") return unseen(name, runtimeClass);
  if (runtimeClass.state === "found") return { name, status: "ok", found: "nvidia" };
  return {
    name,
    status: "warning",
    found: "there is no runtime class nvidia",
    advice: "The GPU Operator makes it. Without it, leave spec.runtimeClassName out.",
    command: INSTALL,
  };
}
