import { compactJson, mapAt, textAt } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { lastWarning, type Case } from "../case.ts";
import type { Finding } from "../diagnosis.ts";
import { PCI_LABEL, gpuProducts, gpusOfPod, type GpuNode } from "../../gpus/gpu-nodes.ts";
import { kubectl, patchSpec, remakeCache, runDoctor } from "../advice.ts";
import { conditionsOf } from "../../status/condition.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

/** Why nodes do not take a pod, with how many of them say so. */
export interface Obstacle {
  readonly nodes: number;
  readonly reason: string;
}

/**
 * The scheduler's sentence taken apart: `0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient
 * nvidia.com/gpu. preemption: …`.
 */
export function obstaclesOf(message: string): readonly Obstacle[] {
  const [, list = ""] = /nodes are available: (.*)/s.exec(message) ?? [];
  const [reasons = ""] = list.split(/\. (?:preemption|no new claims)|\.\s*$/);
  return reasons.split(/, (?=\d+ )/).flatMap((part) => {
    const [, count, reason] = /^(\d+) (.+)$/s.exec(part.trim()) ?? [];
    return count === undefined || reason === undefined ? [] : [{ nodes: Number(count), reason: reason.trim() }];
  });
}

interface Unplaced {
  readonly found: Case;
  readonly pod: KubeObject;
  readonly obstacles: readonly Obstacle[];
  readonly wanted: number;
  /** Nothing where nodes cannot be read. */
  readonly gpus: readonly GpuNode[] | undefined;
}

/** A pod that no node takes. */
export const scheduling: Rule = (found) => {
  const pod = found.pods.find((one) =>
    conditionsOf(one).some(
      ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason !== "SchedulingGated",
    ),
  );
  if (pod === undefined) return undefined;
  const condition = conditionsOf(pod).find(({ type }) => type === "PodScheduled");
  const message = condition?.message || (lastWarning(found, "Pod", "FailedScheduling")?.message ?? "");
  const gpus = found.gpus.state === "found" ? found.gpus.value : undefined;
  const unplaced = { found, pod, obstacles: obstaclesOf(message), wanted: gpusOfPod(pod), gpus };
  const finding = LOOKS.map((look) => look(unplaced)).find((one) => one !== undefined) ?? {
    cause: "unschedulable",
    verdict: "problem" as const,
    summary: `No node takes pod ${nameOf(pod)}.`,
    next: { text: "See what the scheduler says.", command: kubectl(`describe pod ${shellWord(nameOf(pod))}`, found) },
  };
  const evidence = [
    `pod ${nameOf(pod)} is not placed: ${message}`,
    ...(gpus === undefined || unplaced.wanted === 0
      ? []
      : [`the pod asks for ${unplaced.wanted} GPUs; ${gpuText(gpus)}`]),
  ];
  return { ...finding, evidence };
};

/** `8 NVIDIA-H100 on 1 node, 0 free` */
function gpuText(nodes: readonly GpuNode[]): string {
  const products = gpuProducts(nodes).map(
    ({ product, nodes: count, total, free }) =>
      `${total} ${product} on ${count} ${count === 1 ? "node" : "nodes"}, ${free} free`,
  );
  return products.length === 0 ? "no node has GPUs" : products.join("; ");
}

function says({ obstacles }: Unplaced, pattern: RegExp): Obstacle | undefined {
  return obstacles.find(({ reason }) => pattern.test(reason));
}

/** Where enough GPUs are free, they are not what is missing: a taint or a selector keeps the pod off. */
function isEnough({ gpus, wanted }: Unplaced): boolean {
  return gpus?.some(({ free, isOpen }) => isOpen && free >= wanted) ?? false;
}

function noGpus(unplaced: Unplaced): Finding | undefined {
  const { found, gpus, wanted } = unplaced;
  if (wanted === 0 || gpus === undefined || gpus.some(({ total }) => total > 0)) return undefined;
  if (gpus.length === 0)
    return {
      cause: "gpus-none",
      verdict: "problem",
      summary: "No node of the cluster has a GPU.",
      next: runDoctor(found, "Add a node with GPUs; see what else is missing."),
    };
  if (gpus.some(({ slices }) => slices > 0))
    return {
      cause: "gpus-in-slices",
      verdict: "problem",
      summary: "The nodes offer their GPUs in slices only (MIG), and the pod asks for whole ones.",
      next: {
        text: "Ask for slices in spec.resources.limits, by the names that the nodes give them (nvidia.com/mig-...).",
        command: "kubectl describe nodes -l nvidia.com/mig.config",
      },
    };
  return {
    cause: "gpus-not-offered",
    verdict: "problem",
    summary: "Nodes have GPU hardware and offer none: the device plugin does not run there.",
    next: runDoctor(found, "Check the GPU operator."),
  };
}

function gpus(unplaced: Unplaced): Finding | undefined {
  const { found, wanted, gpus: pool } = unplaced;
  if (says(unplaced, /Insufficient nvidia\.com\//) === undefined || isEnough(unplaced)) return undefined;
  const most = pool === undefined ? undefined : Math.max(0, ...pool.map(({ total }) => total));
  if (most !== undefined && most < wanted)
    return {
      cause: "gpus-too-many",
      verdict: "problem",
      summary: `The pod asks for ${wanted} GPUs on one node, and no node has more than ${most}.`,
      next:
        found.kind === "NIMService"
          ? {
              text: `Ask for at most ${most}, with a profile that needs no more.`,
              command: patchSpec(found, { resources: { limits: { "nvidia.com/gpu": String(most) } } }),
            }
          : remakeCache(found, `Ask for at most ${most} GPUs`),
    };
  return {
    cause: "gpus-in-use",
    verdict: "problem",
    summary: `The pod asks for ${wanted === 1 ? "1 GPU" : `${wanted} GPUs on one node`}, and no node that it may run on has so many free.`,
    next: {
      text: "Stop something that uses GPUs, or wait: the pod is placed as soon as there are enough.",
      command: "kubectl get nimservices --all-namespaces",
    },
  };
}

function taint(unplaced: Unplaced): Finding | undefined {
  const reasons = unplaced.obstacles.filter(
    ({ reason }) => /untolerated taint/.test(reason) && !/control-plane|master/.test(reason),
  );
  const [reason] = reasons.map(({ reason }) => reason);
  const [, key = "", value = ""] = /\{([^:}]+):? ?([^}]*)\}/.exec(reason ?? "") ?? [];
  if (key === "") return undefined;
  const { found } = unplaced;
  if (/^node\.kubernetes\.io\/|^node\.cloudprovider/.test(key))
    return {
      cause: "nodes-not-well",
      verdict: "problem",
      summary: `The nodes that could take the pod are not well (${key}).`,
      next: { text: "See how the nodes are.", command: "kubectl get nodes" },
    };
  const toleration = { key, ...(value === "" ? { operator: "Exists" } : { operator: "Equal", value }) };
  return {
    cause: "taint",
    verdict: "problem",
    summary: `The nodes that could take the pod have the taint ${key}${value === "" ? "" : `=${value}`}, which it does not tolerate.`,
    next:
      found.kind === "NIMService"
        ? { text: "Let the service tolerate it.", command: patchSpec(found, { tolerations: [toleration] }) }
        : remakeCache(found, `Add the toleration ${compactJson(toleration)} to spec.tolerations`),
  };
}

function selector(unplaced: Unplaced): Finding | undefined {
  const { pod, gpus: pool } = unplaced;
  if (says(unplaced, /node affinity|node selector|nodeSelector|didn't match Pod's node/i) === undefined)
    return undefined;
  const wanted = Object.keys(mapAt(pod, "spec", "nodeSelector")).map(
    (key) => `${key}=${textAt(pod, "spec", "nodeSelector", key)}`,
  );
  const isPci = wanted.some((label) => label.startsWith(PCI_LABEL));
  if (isPci && pool?.some(({ hasPciLabel }) => hasPciLabel) !== true)
    return {
      cause: "node-label-missing",
      verdict: "problem",
      summary: `The Job that fills the cache runs only on nodes with the label ${PCI_LABEL}=true, and no node has it.`,
      next: {
        text: "Install Node Feature Discovery (the GPU operator brings it along), or label a node by hand.",
        command: `kubectl label node NODE ${PCI_LABEL}=true`,
      },
    };
  return {
    cause: "node-selector",
    verdict: "problem",
    summary: `No node that could take the pod has the labels that it asks for${wanted.length === 0 ? "" : ` (${wanted.join(", ")})`}.`,
    next: {
      text: "Correct spec.nodeSelector, or label a node.",
      command: `kubectl get nodes -L ${wanted.map((label) => label.split("=")[0]).join(",") || "nvidia.com/gpu.product"}`,
    },
  };
}

function volumes(unplaced: Unplaced): Finding | undefined {
  const { found } = unplaced;
  if (
    says(unplaced, /volume node affinity conflict|max volume count|didn't find available persistent volumes/) ===
    undefined
  )
    return undefined;
  return {
    cause: "volume-elsewhere",
    verdict: "problem",
    summary: "The volume can be used on other nodes only than those that could take the pod.",
    next: { text: "Use a volume that the GPU nodes can reach.", command: kubectl("get pvc -o wide", found) },
  };
}

function amounts(unplaced: Unplaced): Finding | undefined {
  const [, what = ""] = /Insufficient (\S+)/.exec(says(unplaced, /^Insufficient (?!nvidia\.com)/)?.reason ?? "") ?? [];
  if (what === "") return undefined;
  return {
    cause: "resources-in-use",
    verdict: "problem",
    summary: `No node that could take the pod has enough ${what} free.`,
    next: { text: `Ask for less ${what}, or free some.`, command: "kubectl describe nodes" },
  };
}

function cordoned(unplaced: Unplaced): Finding | undefined {
  if (says(unplaced, /unschedulable/) === undefined) return undefined;
  return {
    cause: "nodes-cordoned",
    verdict: "problem",
    summary: "The nodes that could take the pod are closed for new pods (cordoned).",
    next: { text: "Open one.", command: "kubectl uncordon NODE" },
  };
}

const LOOKS: readonly ((unplaced: Unplaced) => Finding | undefined)[] = [
  noGpus,
  gpus,
  volumes,
  taint,
  selector,
  amounts,
  cordoned,
];
