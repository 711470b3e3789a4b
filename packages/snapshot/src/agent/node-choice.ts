import { SlipwayError, compareNatural, didYouMean } from "@slipway/base";
import { RESOURCES } from "@slipway/kube";
import { some } from "../collect-cluster/choose-node.ts";
import { foldList } from "../collect-cluster/fold-list.ts";
import { NODE_FACTS, gpuEvidence, type NodeFacts } from "../collect-cluster/nodes.ts";
import type { AgentDeps } from "./deps.ts";
import { nodesHint } from "./preflight.ts";

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
 * @throws SlipwayError USAGE for nothing and for 0
 */
export function parseNodeChoice(text: string): NodeChoice {
  const trimmed = text.trim();
  if (trimmed === "all") return { kind: "all" };
  if (/^\d{1,6}$/.test(trimmed) && Number(trimmed) > 0) return { kind: "first", count: Number(trimmed) };
  if (/[=!()/]/.test(trimmed)) return { kind: "selector", selector: trimmed };
  const names = trimmed.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length > 0 && !/^\d+$/.test(trimmed)) return { kind: "names", names: [...new Set(names)] };
  throw new SlipwayError("USAGE", `"${text}" names no nodes`, {
    place: { field: "--nodes" },
    hint: "Give all, a number, a label selector such as pool=gpu, or names of nodes.",
  });
}

/**
 * The nodes of a fleet, by name.
 *
 * @param nodes all nodes; absent where they may not be listed
 * @throws SlipwayError NOT_FOUND when a name is none or nothing is chosen, with what there is; NOT_ALLOWED without nodes
 */
export async function chooseNodes(
  { client, signal }: Pick<AgentDeps, "client" | "signal">,
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
    const options = { labelSelector: choice.selector, signal };
    const selected = await foldList(client, RESOURCES.nodes, options, NODE_FACTS);
    if (selected.length > 0) return byName(selected);
    throw new SlipwayError("NOT_FOUND", `no node matches ${choice.selector}`, { hint: nodesHint(nodes) });
  }
  const gpuNodes = byName(nodes.filter((node) => gpuEvidence(node) !== undefined));
  if (gpuNodes.length === 0) {
    throw new SlipwayError("NOT_FOUND", "no node of the cluster shows a GPU", { hint: nodesHint(nodes) });
  }
  return choice.kind === "first" ? first(gpuNodes, choice.count) : gpuNodes;
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
