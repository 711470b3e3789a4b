import { compareBytes } from "@slipway/base";
import type { Reading, Subtype } from "../model.ts";
import type { NodeFacts } from "./nodes.ts";

/** One of the values that a key has in a cluster, with the nodes that have it. */
interface Entry {
  readonly key: string;
  /** What tells the values of a key apart: the effect of a taint, the value of a label. */
  readonly variant: string;
  /** What stands before the nodes when the key has this one value only, and when it has several. */
  readonly alone: string;
  readonly beside: string;
  readonly nodes: string[];
}

/**
 * The subtypes of NodeTopology, as release 0.11.1 of aicr writes them. `taint`: key to `effect|value|node,node`, or
 * key.effect to `value|nodes` when a key has several; `label`: key to `value|nodes`, or key.value. Keys and nodes are sorted.
 *
 * @param maxNodes names of nodes that an entry holds at most, the rest being counted: ` (+N more)`; 0 holds all
 */
export function topologySubtypes(nodes: readonly NodeFacts[], maxNodes = 0): readonly Subtype[] {
  const taints = new Map<string, Entry>();
  const labels = new Map<string, Entry>();
  for (const { name, ...node } of nodes) {
    for (const { key, value, effect } of node.taints) {
      const entry = { key, variant: effect, alone: `${effect}|${value}|`, beside: `${value}|`, nodes: [] };
      note(taints, `${key}\0${effect}\0${value}`, entry, name);
    }
    for (const [key, value] of node.labels) {
      note(
        labels,
        `${key}\0${value}`,
        { key, variant: value, alone: `${value}|`, beside: `${value}|`, nodes: [] },
        name,
      );
    }
  }
  const summary: readonly (readonly [string, Reading])[] = [
    ["node-count", nodes.length],
    ["taint-count", taints.size],
    ["label-count", labels.size],
  ];
  return [
    { name: "summary", data: new Map(summary) },
    { name: "taint", data: readings([...taints.values()], maxNodes) },
    { name: "label", data: readings([...labels.values()], maxNodes) },
  ];
}

function note(entries: Map<string, Entry>, id: string, fresh: Entry, node: string): void {
  const known = entries.get(id);
  if (known === undefined) entries.set(id, { ...fresh, nodes: [node] });
  else if (known.nodes.at(-1) !== node) known.nodes.push(node);
}

function readings(unsorted: readonly Entry[], maxNodes: number): ReadonlyMap<string, string> {
  const perKey = new Map<string, number>();
  // Which entry takes a key that two could have must not depend on the order of the nodes.
  const entries = unsorted.toSorted((left, right) => compareBytes(identity(left), identity(right)));
  for (const { key } of entries) perKey.set(key, (perKey.get(key) ?? 0) + 1);
  const isAlone = ({ key }: Entry): boolean => perKey.get(key) === 1;
  const data = new Map<string, string>();
  for (const entry of entries.filter(isAlone)) data.set(entry.key, `${entry.alone}${nodeList(entry.nodes, maxNodes)}`);
  for (const entry of entries.filter((candidate) => !isAlone(candidate))) {
    data.set(freeKey(data, entry), `${entry.beside}${nodeList(entry.nodes, maxNodes)}`);
  }
  return new Map([...data].sort(([left], [right]) => compareBytes(left, right)));
}

function identity({ key, variant, beside }: Entry): string {
  return `${key}\0${variant}\0${beside}`;
}

/**
 * `key.variant`; where that is taken (a label may be named like the value of another one, and a taint may have one effect
 * with two values) the sign `=`, which no key may hold, keeps them apart.
 */
function freeKey(data: ReadonlyMap<string, string>, { key, variant, beside }: Entry): string {
  const plain = `${key}.${variant}`;
  if (!data.has(plain)) return plain;
  const apart = `${key}=${variant}`;
  return data.has(apart) ? `${apart}=${beside.slice(0, -1)}` : apart;
}

function nodeList(nodes: readonly string[], maxNodes: number): string {
  const sorted = nodes.toSorted(compareBytes);
  if (maxNodes <= 0 || sorted.length <= maxNodes) return sorted.join(",");
  return `${sorted.slice(0, maxNodes).join(",")} (+${sorted.length - maxNodes} more)`;
}
