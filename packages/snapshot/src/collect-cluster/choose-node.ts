import { SlipwayError, compareNatural, didYouMean } from "@slipway/base";
import { gpuEvidence, type NodeFacts } from "./nodes.ts";

/** The node that a snapshot is of, and why. */
export interface ChosenNode {
  readonly node: NodeFacts;
  readonly reason: "named" | "host" | "first GPU node" | "first node";
}

/**
 * The node that a snapshot is of: the one that was named, the one that this machine is, else the first that has a GPU, else
 * the first, by name.
 *
 * @param wanted names of nodes: `named` must be there, `host` (the machine's own name) may be
 * @returns nothing for a cluster without nodes
 * @throws SlipwayError NOT_FOUND when the named node is not there
 */
export function chooseNode(
  nodes: readonly NodeFacts[],
  wanted: { readonly named?: string | undefined; readonly host?: string | undefined },
): ChosenNode | undefined {
  const { named, host } = wanted;
  if (named !== undefined) {
    const node = nodes.find(({ name }) => name === named);
    if (node === undefined) throw noSuchNode(named, nodes);
    return { node, reason: "named" };
  }
  const own = nodes.find(({ name }) => name === host);
  if (own !== undefined) return { node: own, reason: "host" };
  const byName = nodes.toSorted((left, right) => compareNatural(left.name, right.name));
  const gpuNode = byName.find((node) => gpuEvidence(node) !== undefined);
  if (gpuNode !== undefined) return { node: gpuNode, reason: "first GPU node" };
  const [first] = byName;
  return first === undefined ? undefined : { node: first, reason: "first node" };
}

/** That there is no node of a name, with the one that may be meant, or some that there are. */
export function noSuchNode(name: string, nodes: readonly NodeFacts[]): SlipwayError {
  const names = nodes.map((node) => node.name);
  return new SlipwayError("NOT_FOUND", `there is no node "${name}"`, {
    hint: didYouMean(name, names) ?? (names.length === 0 ? "The cluster has no nodes." : `There are ${some(names)}.`),
  });
}

const SHOWN = 5;

/** The first few of a list of names, and how many more there are. */
export function some(names: readonly string[]): string {
  const sorted = names.toSorted(compareNatural);
  const more = names.length - SHOWN;
  return more > 0 ? `${sorted.slice(0, SHOWN).join(", ")} and ${more} more` : sorted.join(", ");
}
