import { SlipwayError, compareBytes } from "@slipway/base";
import type { Snapshot, SnapshotMetadata } from "../model.ts";
import { compareNames, orderedSnapshot } from "../order.ts";
import { factorOut } from "./factor.ts";
import type { FleetGroup, FleetNode, FleetSnapshot } from "./fleet-model.ts";
import { findOutliers } from "./outliers.ts";
import { addReadings, hasRepeats, type ReadingsTable } from "./readings-table.ts";
import { poolOf, traitsOf } from "./traits.ts";

/** What became of a node. */
export type MeasuredNode =
  | {
      readonly node: string;
      readonly snapshot: Snapshot;
      /** Nodes that should be alike; default: those with one model of GPU. */
      readonly pool?: string | undefined;
    }
  | { readonly node: string; readonly reason: string };

/** Takes snapshots one at a time, and keeps of each only what is unlike those before. */
export interface FleetMerger {
  /** @throws SlipwayError CONFLICT for a node that was added before */
  add(measured: MeasuredNode): void;
  /** The fleet of what was added. */
  finish(metadata: FleetSnapshot["metadata"]): FleetSnapshot;
}

interface Kept {
  readonly name: string;
  readonly pool: string;
  readonly metadata: SnapshotMetadata;
  readonly traits: ReadonlyMap<string, string>;
}

/** A merger for snapshots that come in while nodes are measured: its memory grows with what is different among them. */
export function fleetMerger(): FleetMerger {
  const table: ReadingsTable = new Map();
  const sharing: Kept[] = [];
  const alone: (Kept & { readonly snapshot: Snapshot })[] = [];
  const notMeasured = new Map<string, string>();
  const names = new Set<string>();
  return {
    add: (measured) => {
      if (names.has(measured.node)) {
        throw new SlipwayError("CONFLICT", `the node "${measured.node}" was measured twice`, {
          hint: "Give each node once; two snapshots of a node are compared with aicr diff.",
        });
      }
      names.add(measured.node);
      if ("reason" in measured) {
        notMeasured.set(measured.node, measured.reason);
        return;
      }
      const { snapshot } = measured;
      const kept = {
        name: measured.node,
        pool: measured.pool ?? poolOf(snapshot),
        metadata: snapshot.metadata,
        traits: traitsOf(snapshot),
      };
      if (hasRepeats(snapshot)) alone.push({ ...kept, snapshot: orderedSnapshot(snapshot) });
      else {
        addReadings(table, sharing.length, snapshot);
        sharing.push(kept);
      }
    },
    finish: (metadata) => {
      const { common, own } = factorOut(table, sharing.length);
      const nodes: readonly FleetNode[] = [
        ...sharing.map(({ name, pool, metadata }, index) => {
          const { measurements = [], lacks = [] } = own[index] ?? {};
          return { name, pool, metadata, measurements, lacks, inherits: true };
        }),
        ...alone.map(({ name, pool, metadata, snapshot: { measurements } }) => {
          return { name, pool, metadata, measurements, lacks: [], inherits: false };
        }),
      ];
      return {
        metadata,
        common,
        nodes: nodes.toSorted((left, right) => compareNames(left.name, right.name)),
        groups: groupsOf([...sharing, ...alone]),
        outliers: findOutliers(table, sharing),
        notMeasured: new Map([...notMeasured].sort(([left], [right]) => compareNames(left, right))),
      };
    },
  };
}

/** The fleet of snapshots that are at hand. Errors as {@link FleetMerger}. */
export function mergeFleet(measured: Iterable<MeasuredNode>, metadata: FleetSnapshot["metadata"] = {}): FleetSnapshot {
  const merger = fleetMerger();
  for (const each of measured) merger.add(each);
  return merger.finish(metadata);
}

function groupsOf(nodes: readonly Kept[]): readonly FleetGroup[] {
  const groups = new Map<string, { readonly nodes: string[]; readonly traits: ReadonlyMap<string, string> }>();
  for (const { name, traits } of nodes) {
    const key = JSON.stringify([...traits]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { nodes: [name], traits });
    else group.nodes.push(name);
  }
  return [...groups]
    .sort(([a, left], [b, right]) => right.nodes.length - left.nodes.length || compareBytes(a, b))
    .map(([, group]) => ({ nodes: group.nodes.toSorted(compareNames), traits: group.traits }));
}
