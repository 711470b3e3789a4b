export * from "./model.ts";
export { COLLECTOR_NAMES, type Collected, type Collector, type CollectorName } from "./collector.ts";

// Reading
export { decodeSnapshot, readingText, type SnapshotOptions } from "./decode-snapshot.ts";
export { snapshotLookup } from "./lookup.ts";

// Writing
export { API_VERSION, type DocumentFormat } from "./document.ts";
export { glanceAt, type Glance } from "./glance.ts";
export { orderedSnapshot } from "./order.ts";
export { snapshotText, snapshotTree } from "./snapshot-tree.ts";

// Measuring
export { chooseCollectors, parseCollectorNames, type CollectorChoice } from "./collector-names.ts";
export { redactMeasurements, type Redacted } from "./redact/redact.ts";
export { takeSnapshot, type Finished, type TakenSnapshot, type TakeOptions } from "./take-snapshot.ts";

// Comparing
export {
  diffSnapshots,
  type ReadingChange,
  type ReadingChanges,
  type SnapshotDifference,
} from "./diff/diff-snapshots.ts";
export { differenceText, differenceTree, type PaintLine } from "./diff/difference-text.ts";
export { ignoredPaths, type Ignored } from "./diff/ignored.ts";
export { snapshotPatch } from "./diff/snapshot-patch.ts";

// Fleets
export { decodeFleet, isFleet } from "./fleet/decode-fleet.ts";
export type { FleetGroup, FleetNode, FleetSnapshot, Lack, Outlier } from "./fleet/fleet-model.ts";
export {
  diffFleets,
  fleetDifferenceText,
  fleetDifferenceTree,
  isSameFleet,
  type FleetDifference,
} from "./fleet/diff-fleets.ts";
export { fleetText, fleetTree } from "./fleet/fleet-tree.ts";
export { fleetMerger, mergeFleet, type FleetMerger, type MeasuredNode } from "./fleet/merge-fleet.ts";
export { nodeSnapshots } from "./fleet/node-snapshots.ts";
export { poolOf, traitsOf } from "./fleet/traits.ts";

// Drift and watching
export { compareDrift } from "./drift/compare-drift.ts";
export * from "./drift/drift-model.ts";
export { releasesOfSnapshot } from "./drift/snapshot-releases.ts";
export { driftText, driftTree, type PaintVerdict } from "./drift/drift-text.ts";
export { changeTree, watchSnapshots, type SnapshotChange, type SnapshotWatchOptions } from "./watch-snapshots.ts";

// Templates
export { templateData } from "./template-data.ts";
