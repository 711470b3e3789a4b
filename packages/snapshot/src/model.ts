/** What a measurement may be of; the names stand in snapshots and in the names of constraints. */
export const MEASUREMENT_TYPES = ["K8s", "SystemD", "OS", "GPU", "NodeTopology"] as const;
export type MeasurementType = (typeof MEASUREMENT_TYPES)[number];

/** One value that was measured. Numbers are finite. */
export type Reading = string | number | boolean;

/** One group of readings, such as `server` of K8s. */
export interface Subtype {
  readonly name: string;
  /** Readings by key; a key may hold dots and slashes. */
  readonly data: ReadonlyMap<string, Reading>;
  /** What helps a reader and is no reading, e.g. where the data came from. */
  readonly context?: ReadonlyMap<string, string>;
}

/** What one collector measured. */
export interface Measurement {
  /** One of {@link MEASUREMENT_TYPES} in what we write; documents of others may hold more. */
  readonly type: string;
  readonly subtypes: readonly Subtype[];
}

/** What was measured on a node and its cluster. */
export interface Snapshot {
  readonly metadata: SnapshotMetadata;
  readonly measurements: readonly Measurement[];
}

/** What a snapshot says about itself. */
export interface SnapshotMetadata {
  /** Version of the program that made it. */
  readonly version?: string | undefined;
  /** RFC 3339, UTC. */
  readonly timestamp?: string | undefined;
  /** `source-node` of the document: the node (or host) that it was taken on. */
  readonly sourceNode?: string | undefined;
  /**
   * `not-measured.NAME` of the document: the collectors that were asked and gave nothing, with the reason of each. A
   * collector that was not asked is not in it.
   */
  readonly notMeasured?: ReadonlyMap<string, string> | undefined;
}
