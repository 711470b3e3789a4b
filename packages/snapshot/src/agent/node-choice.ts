import { SlipwayError, compareNatural, didYouMean } from "@slipway/base";
import { KubeApiError, RESOURCES, isSubdomainName } from "@slipway/kube";
import { some } from "../collect-cluster/choose-node.ts";
import { foldList } from "../collect-cluster/fold-list.ts";
import { NODE_FACTS, gpuEvidence, type NodeFacts } from "../collect-cluster/nodes.ts";
import type { AgentDeps } from "./deps.ts";
import { nodesHint, warn } from "./preflight.ts";

/** Which nodes a fleet is. */
export type NodeChoice =
  /** All nodes that have a GPU. */
  | { readonly kind: "all" }
  /** So many of them, by name; those that are ready. */
  | { readonly kind: "first"; readonly count: number }
  /** Nodes that a label selector matches, with and without GPU. */
  | { readonly kind: "selector"; readonly selector: string }
  | { readonly kind: "names"; readonly names: readonly string[] };

/**
 * Reads `--nodes`: `all`, a number, a label selector (it has `=`, `!`, a parenthesis or a slash), or names with commas
 * between them.
 *
 * @throws SlipwayError USAGE for nothing, for 0, and for what is no name of a node
 */
export function parseNodeChoice(text: string): NodeChoice {
  const trimmed = text.trim();
  if (trimmed === "all") return { kind: "all" };
  if (/^\d{1,6}$/.test(trimmed) && Number(trimmed) > 0) return { kind: "first", count: Number(trimmed) };
  if (/[=!()/]/.test(trimmed)) return { kind: "selector", selector: trimmed };
  const names = trimmed.split(/[\s,]+/).filter((name) => name !== "");
  const areNames = names.every((name) => isSubdomainName(name) && name !== "all");
  if (names.length > 0 && areNames && !/^\d+$/.test(trimmed)) return { kind: "names", names: [...new Set(names)] };
  throw new SlipwayError("USAGE", `"${text}" names no nodes`, {
    place: { field: "--nodes" },
    hint: "Give all, a number, a label selector such as pool=gpu, or names of nodes.",
  });
}

/**
 * The nodes of a fleet, by name.
 *
 * @param nodes all nodes; absent where they may not be listed
 * @throws SlipwayError NOT_FOUND when a name is none or nothing is chosen, with what there is; NOT_ALLOWED without nodes; USAGE when the
 * server does not take the selector
 */
export async function chooseNodes(
  deps: AgentDeps,
  choice: NodeChoice,
  nodes: readonly NodeFacts[] | undefined,
): Promise<readonly NodeFacts[]> {
  if (nodes === undefined) {
    throw new SlipwayError("NOT_ALLOWED", "the nodes to measure cannot be chosen, because you may not list nodes", {
      hint: "--print-rbac prints the rights that are needed.",
    });
  }
  if (choice.kind === "names") return named(nodes, choice.names);
  if (choice.kind === "selector") {
    const selected = await selectedNodes(deps, choice.selector);
    if (selected.length > 0) return byName(selected);
    throw new SlipwayError("NOT_FOUND", `no node matches ${choice.selector}`, { hint: nodesHint(nodes) });
  }
  const gpuNodes = byName(nodes.filter((node) => gpuEvidence(node) !== undefined));
  if (gpuNodes.length === 0) {
    throw new SlipwayError("NOT_FOUND", "no node of the cluster shows a GPU", { hint: nodesHint(nodes) });
  }
  if (choice.kind === "all") return gpuNodes;
  const found = first(gpuNodes, choice.count);
  if (found.length < choice.count) warn(deps, fewerThan(choice.count, gpuNodes));
  return found;
}

function fewerThan(count: number, gpuNodes: readonly NodeFacts[]): string {
  const ready = gpuNodes.filter(isReady).length;
  const unready = ready === gpuNodes.length ? "" : `, of which ${ready} ${ready === 1 ? "is" : "are"} ready`;
  return `${count} nodes were asked for, and the cluster has ${gpuNodes.length} with a GPU${unready}`;
}

async function selectedNodes({ client, signal }: AgentDeps, selector: string): Promise<readonly NodeFacts[]> {
  try {
    return await foldList(client, RESOURCES.nodes, { labelSelector: selector, signal }, NODE_FACTS);
  } catch (error) {
    if (!(error instanceof KubeApiError) || error.status !== 400) throw error;
    throw new SlipwayError("USAGE", `"${selector}" is no label selector`, {
      place: { field: "--nodes" },
      hint: "Give one such as pool=gpu, pool!=cpu, or 'pool in (a, b)'.",
      cause: error,
    });
  }
}

function byName(nodes: readonly NodeFacts[]): readonly NodeFacts[] {
  return nodes.toSorted((left, right) => compareNatural(left.name, right.name));
}

/** Whether the node's kubelet reports. */
export function isReady({ conditions }: NodeFacts): boolean {
  return conditions.get("Ready") === "True";
}

function first(nodes: readonly NodeFacts[], count: number): readonly NodeFacts[] {
  const ready = nodes.filter(isReady);
  return (ready.length > 0 ? ready : nodes).slice(0, count);
}

function named(nodes: readonly NodeFacts[], names: readonly string[]): readonly NodeFacts[] {
  const known = new Map(nodes.map((node) => [node.name, node]));
  const unknown = names.filter((name) => !known.has(name));
  const [one] = unknown;
  if (one !== undefined) {
    const hint = unknown.length === 1 ? didYouMean(one, known.keys()) : undefined;
    throw new SlipwayError("NOT_FOUND", `there is no node ${some(unknown)}`, { hint: hint ?? nodesHint(nodes) });
  }
  return byName(names.flatMap((name) => known.get(name) ?? []));
}
