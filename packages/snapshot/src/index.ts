export * from "./model.ts";
export { COLLECTOR_NAMES, type Collected, type Collector, type CollectorName } from "./collector.ts";

// Reading
export { decodeSnapshot, readingText, type SnapshotOptions } from "./decode-snapshot.ts";
export { snapshotLookup } from "./lookup.ts";
