import { textAt, valueAt, type Tree } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { mapsAt, textsAt } from "./at.ts";
import type { Fold } from "./fold-list.ts";

/** A taint of a node. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** What Slipway keeps of a node. */
export interface NodeFacts {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly taints: readonly Taint[];
  /** `aws:///eu-central-1a/i-0f3`; empty where no cloud provider runs. */
  readonly providerId: string;
  /** `status.nodeInfo`: kubeletVersion, kernelVersion, osImage, … */
  readonly info: ReadonlyMap<string, string>;
  /** Status by type of condition: `Ready` to `True`. */
  readonly conditions: ReadonlyMap<string, string>;
  /** Cordoned: the scheduler leaves it out. */
  readonly unschedulable: boolean;
  /** GPUs by resource: `nvidia.com/gpu` to 8, `nvidia.com/mig-1g.10gb` to 7; those that pods can have. */
  readonly allocatable: ReadonlyMap<string, number>;
}

/** Keeps the facts of nodes, in the order of the server. */
export const NODE_FACTS: Fold<NodeFacts[]> = {
  start: () => [],
  add: (nodes, object) => void nodes.push(nodeFacts(object)),
};

/** Reads a Node object. */
export function nodeFacts(node: KubeObject): NodeFacts {
  const conditions = mapsAt(node, "status", "conditions").map((condition): readonly [string, string] => [
    textAt(condition, "type"),
    textAt(condition, "status"),
  ]);
  return {
    name: nameOf(node),
    labels: textsAt(node, "metadata", "labels"),
    taints: mapsAt(node, "spec", "taints").map((taint) => ({
      key: textAt(taint, "key"),
      value: textAt(taint, "value"),
      effect: textAt(taint, "effect"),
    })),
    providerId: textAt(node, "spec", "providerID"),
    info: textsAt(node, "status", "nodeInfo"),
    conditions: new Map(conditions),
    unschedulable: valueAt(node, "spec", "unschedulable") === true,
    allocatable: gpuResources(valueAt(node, "status", "allocatable")),
  };
}

const GPU_RESOURCE = /^nvidia\.com\/(?:gpu(?:\.shared)?|mig-.+)$/;

function gpuResources(resources: Tree | undefined): ReadonlyMap<string, number> {
  const counts = [...textsAt(resources)]
    .filter(([name]) => GPU_RESOURCE.test(name))
    .map(([name, quantity]): readonly [string, number] => [name, Number(quantity)]);
  return new Map(counts.filter(([, count]) => Number.isSafeInteger(count) && count >= 0));
}

/** What says that a node has GPUs of NVIDIA. */
export type GpuEvidence = "gpu-label" | "pci-label" | "allocatable";

/** Vendor 10de is NVIDIA; class 03 is a display controller. NFD writes the class or leaves it out. */
const PCI_LABEL = /^feature\.node\.kubernetes\.io\/pci-(?:03[0-9a-f]{2}_)?10de(?:_[0-9a-f]{4})*\.present$/;

/** The label that GPU feature discovery puts on nodes with GPUs. */
export const GPU_PRESENT = "nvidia.com/gpu.present";

/** The surest sign that a node has GPUs; nothing when none is there. */
export function gpuEvidence(node: NodeFacts): GpuEvidence | undefined {
  if (node.labels.get(GPU_PRESENT) === "true") return "gpu-label";
  if (pciLabels(node).length > 0) return "pci-label";
  return [...node.allocatable.values()].some((count) => count > 0) ? "allocatable" : undefined;
}

/** The labels of node feature discovery that name a GPU of NVIDIA on the PCI bus. */
export function pciLabels(node: NodeFacts): readonly string[] {
  return [...node.labels].filter(([key, value]) => value === "true" && PCI_LABEL.test(key)).map(([key]) => key);
}

/** Who runs a node, by the scheme of its provider id (spec of release 0.11.1 of aicr): `aws` is eks, … */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["aws", "eks"],
  ["gce", "gke"],
  ["azure", "aks"],
  ["oci", "oke"],
]);

/** The provider of a node: the scheme of its provider id under the name of the managed service; empty without an id. */
export function providerOf(providerId: string): string {
  // OKE writes bare OCIDs: ocid1.instance.oc1.…
  const scheme = providerId.startsWith("ocid1.") ? "oci" : (/^([^:]+):\/\//.exec(providerId)?.[1] ?? "");
  return PROVIDERS.get(scheme) ?? scheme;
}

/** The readings of K8s `node`. What the node does not say is left out. */
export function nodeReadings(node: NodeFacts): ReadonlyMap<string, string> {
  const runtime = node.info.get("containerRuntimeVersion") ?? "";
  const [runtimeName = "", runtimeVersion = ""] = runtime.split("://");
  const readings: readonly (readonly [string, string])[] = [
    ["source-node", node.name],
    ["provider", providerOf(node.providerId)],
    ["provider-id", node.providerId],
    ["container-runtime-id", runtime],
    ["container-runtime-name", runtimeName],
    ["container-runtime-version", runtimeVersion],
    ["kubelet-version", node.info.get("kubeletVersion") ?? ""],
    ["kernel-version", node.info.get("kernelVersion") ?? ""],
    ["operating-system", node.info.get("operatingSystem") ?? ""],
    ["os-image", node.info.get("osImage") ?? ""],
  ];
  return new Map(readings.filter(([, value]) => value !== ""));
}
