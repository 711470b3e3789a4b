import type { Measurement, SnapshotMetadata } from "../model.ts";

/** What was measured on many nodes: what most of them share stands once. */
export interface FleetSnapshot {
  readonly metadata: Pick<SnapshotMetadata, "version" | "timestamp">;
  /** Readings that more than half of the nodes have alike. They count for a node unless it says otherwise. */
  readonly common: readonly Measurement[];
  /** By name. */
  readonly nodes: readonly FleetNode[];
  /** Nodes that are alike in what matters most, the largest group first. */
  readonly groups: readonly FleetGroup[];
  /** Where a node is unlike most of its pool. */
  readonly outliers: readonly Outlier[];
  /** Nodes that gave nothing, with the reason of each. */
  readonly notMeasured: ReadonlyMap<string, string>;
}

/** A node of a fleet, as far as it is unlike the others. */
export interface FleetNode {
  readonly name: string;
  /** Nodes that should be alike: by default those with one model of GPU. */
  readonly pool: string;
  readonly metadata: SnapshotMetadata;
  /** Its own readings, which go before common ones. */
  readonly measurements: readonly Measurement[];
  /** What is common and it does not have. */
  readonly lacks: readonly Lack[];
  /** False for a node whose types or subtypes stand several times: its own readings are all that it has. */
  readonly inherits: boolean;
}

/** A common part that a node does not have: a type, a subtype of it, or some keys of that. */
export interface Lack {
  readonly type: string;
  readonly subtype?: string | undefined;
  readonly keys?: readonly string[] | undefined;
}

/** Nodes that are alike. */
export interface FleetGroup {
  readonly nodes: readonly string[];
  /** Driver, firmware, kernel, …: by the names of traits. */
  readonly traits: ReadonlyMap<string, string>;
}

/** A reading of a node that most nodes of its pool have otherwise. */
export interface Outlier {
  readonly node: string;
  readonly pool: string;
  /** What it is about, as differences say it. */
  readonly subject: string;
  /** `Type.subtype.key`; a whole `Type.subtype` or `Type` that only one side has. */
  readonly reading: string;
  /** What most nodes of the pool have; absent when they have nothing there. */
  readonly expected?: string | undefined;
  /** What this node has; absent when it has nothing there. */
  readonly actual?: string | undefined;
  /** How many nodes of the pool have what is expected, of how many. */
  readonly alike: number;
  readonly poolSize: number;
}
