import { compareBytes, type TreeMap } from "@slipway/base";
import { diffSnapshots, type SnapshotDifference } from "../diff/diff-snapshots.ts";
import { differenceText, differenceTree, type PaintLine } from "../diff/difference-text.ts";
import { compareNames } from "../order.ts";
import type { FleetSnapshot } from "./fleet-model.ts";
import { nodeSnapshots } from "./node-snapshots.ts";

/** How nodes of one fleet differ from the same nodes of another. */
export interface FleetDifference {
  /** Nodes that only the second fleet has. */
  readonly added: readonly string[];
  /** Nodes that only the first one has. */
  readonly removed: readonly string[];
  /** Nodes that changed alike, the most frequent change first. */
  readonly changed: readonly { readonly nodes: readonly string[]; readonly difference: SnapshotDifference }[];
  readonly notes: readonly string[];
}

/**
 * What is different on the nodes of the second fleet, node by node; nodes on which the same changed are told together.
 *
 * @throws SlipwayError as `diffSnapshots` does
 */
export function diffFleets(
  left: FleetSnapshot,
  right: FleetSnapshot,
  options: { readonly ignore?: readonly string[] } = {},
): FleetDifference {
  const before = new Map([...nodeSnapshots(left)].map(({ node, snapshot }) => [node, snapshot]));
  const kinds = new Map<string, { nodes: string[]; difference: SnapshotDifference }>();
  const [added, unmatched]: [string[], string[][]] = [[], []];
  // Where a snapshot was taken is the node, which is what they are compared by.
  const ignore = [...(options.ignore ?? []), "metadata.source-node"];
  for (const { node, snapshot } of nodeSnapshots(right)) {
    const old = before.get(node);
    before.delete(node);
    if (old === undefined) {
      added.push(node);
      continue;
    }
    const difference = diffSnapshots(old, snapshot, { ignore });
    unmatched.push([...difference.notes]);
    if (difference.groups.length === 0) continue;
    const key = JSON.stringify(differenceTree(difference));
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { nodes: [node], difference });
    else kind.nodes.push(node);
  }
  return {
    added: added.sort(compareNames),
    removed: [...before.keys()].sort(compareNames),
    changed: [...kinds]
      .sort(([a, one], [b, other]) => other.nodes.length - one.nodes.length || compareBytes(a, b))
      .map(([, { nodes, difference }]) => ({ nodes: nodes.sort(compareNames), difference })),
    notes: notesOfAll(unmatched),
  };
}

/** A pattern that matches nothing on one node may match on another. */
function notesOfAll(notes: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...rest] = notes;
  return first.filter((note) => !note.includes("metadata.source-node") && rest.every((more) => more.includes(note)));
}

/** Whether two fleets have the same nodes in the same state. */
export function isSameFleet({ added, removed, changed }: FleetDifference): boolean {
  return added.length + removed.length + changed.length === 0;
}

const MOST_NAMES = 8;

/** A difference for a person. @param paint colours lines; default none */
export function fleetDifferenceText(difference: FleetDifference, paint: PaintLine = (_, line) => line): string {
  if (isSameFleet(difference)) return "No differences.\n";
  const { added, removed, changed } = difference;
  const blocks = [
    ...(added.length === 0 ? [] : [`${paint("added", `+ nodes ${names(added)}`)}\n`]),
    ...(removed.length === 0 ? [] : [`${paint("removed", `- nodes ${names(removed)}`)}\n`]),
    ...changed.map(({ nodes, difference }) => {
      const title = paint("title", `On ${nodes.length === 1 ? "" : `${nodes.length} nodes: `}${names(nodes)}`);
      return `${title}\n${differenceText(difference, paint)}`;
    }),
  ];
  return blocks.join("\n");
}

function names(nodes: readonly string[]): string {
  const left = nodes.length - MOST_NAMES;
  return `${nodes.slice(0, MOST_NAMES).join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

/** A difference as a document for programs. */
export function fleetDifferenceTree({ added, removed, changed }: FleetDifference): TreeMap {
  return {
    added,
    removed,
    changed: changed.map(({ nodes, difference }) => ({ nodes, ...differenceTree(difference) })),
  };
}
