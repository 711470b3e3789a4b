import { compareBytes, type TreeMap } from "@slipway/base";
import { GPU_PRESENT, gpuEvidence, pciLabels, type NodeFacts } from "../collect-cluster/nodes.ts";

/** Which nodes a pod may run on. */
export type Placement =
  | { readonly kind: "any" }
  | { readonly kind: "labels"; readonly labels: Readonly<Record<string, string>> }
  /** One of the labels must be `true`. */
  | { readonly kind: "one of labels"; readonly keys: readonly string[] }
  | { readonly kind: "nodes"; readonly names: readonly string[] };

/** More would make the Job's own size a matter. */
const MOST_NAMES = 50;

/**
 * Where an agent without placement flags runs: on a node that has a GPU by its labels, or by what it hands out.
 *
 * @returns `any` for a cluster without GPU nodes
 */
export function gpuPlacement(nodes: readonly NodeFacts[]): Placement {
  const gpuNodes = nodes.filter((node) => gpuEvidence(node) !== undefined);
  if (gpuNodes.length === 0) return { kind: "any" };
  if (gpuNodes.some((node) => gpuEvidence(node) === "gpu-label")) {
    return { kind: "labels", labels: { [GPU_PRESENT]: "true" } };
  }
  const keys = [...new Set(gpuNodes.flatMap(pciLabels))].sort(compareBytes);
  if (keys.length > 0) return { kind: "one of labels", keys };
  const ready = gpuNodes.filter(({ conditions }) => conditions.get("Ready") === "True");
  const names = (ready.length > 0 ? ready : gpuNodes).map(({ name }) => name);
  return { kind: "nodes", names: names.sort(compareBytes).slice(0, MOST_NAMES) };
}

/**
 * What decides how a Job is made: `talos` when a node that it may run on is one. Talos has no systemd whose folder could
 * be mounted, and a pod that wants it waits for ever; elsewhere the host's root shows it all the same.
 *
 * @param nodes all nodes; absent where they may not be listed
 */
export function systemOf(nodes: readonly NodeFacts[] | undefined, placement: Placement): "talos" | undefined {
  const isTalos = ({ info }: NodeFacts): boolean => /^talos\b/i.test(info.get("osImage") ?? "");
  return nodes?.some((node) => isTalos(node) && mayRunOn(node, placement)) === true ? "talos" : undefined;
}

function mayRunOn({ name, labels }: NodeFacts, placement: Placement): boolean {
  if (placement.kind === "labels")
    return Object.entries(placement.labels).every(([key, value]) => labels.get(key) === value);
  if (placement.kind === "one of labels") return placement.keys.some((key) => labels.get(key) === "true");
  return placement.kind === "any" || placement.names.includes(name);
}

/** The fields of a pod's spec that bring it there. */
export function placementFields(placement: Placement): TreeMap {
  if (placement.kind === "any") return {};
  if (placement.kind === "labels") return { nodeSelector: placement.labels };
  if (placement.kind === "one of labels") {
    return affinity(placement.keys.map((key) => ({ matchExpressions: [{ key, operator: "In", values: ["true"] }] })));
  }
  // A field takes one name; the terms are alternatives. The scheduler still counts GPUs, as `nodeName` would not.
  return affinity(
    placement.names.map((name) => ({ matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] })),
  );
}

function affinity(nodeSelectorTerms: readonly TreeMap[]): TreeMap {
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}
