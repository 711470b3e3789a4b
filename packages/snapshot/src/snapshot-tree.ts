import { writeJson, writeYaml, type TreeMap } from "@slipway/base";
import { NOT_MEASURED } from "./decode-snapshot.ts";
import { API_VERSION, type DocumentFormat } from "./document.ts";
import type { Measurement, Snapshot, SnapshotMetadata, Subtype } from "./model.ts";
import { orderedSnapshot, sortedEntries } from "./order.ts";
import { snapshotTable } from "./snapshot-table.ts";

/**
 * A snapshot as a document, in one order: two snapshots of the same state differ in nothing but their timestamp.
 * `decodeSnapshot` reads it back.
 */
export function snapshotTree(snapshot: Snapshot): TreeMap {
  const { metadata, measurements } = orderedSnapshot(snapshot);
  return {
    kind: "Snapshot",
    apiVersion: API_VERSION,
    metadata: metadataTree(metadata),
    measurements: measurements.map(measurementTree),
  };
}

/** A snapshot as text that ends with a newline; only YAML and JSON can be read back. */
export function snapshotText(snapshot: Snapshot, format: DocumentFormat): string {
  if (format === "table") return snapshotTable(snapshot);
  const tree = snapshotTree(snapshot);
  return format === "json" ? writeJson(tree) : writeYaml(tree);
}

/** The metadata of a document, its keys sorted. */
export function metadataTree({
  version,
  timestamp,
  sourceNode,
  notMeasured = new Map<string, string>(),
}: SnapshotMetadata): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(sortedEntries(notMeasured).map(([name, reason]) => [`${NOT_MEASURED}${name}`, reason])),
    ...(sourceNode === undefined ? {} : { "source-node": sourceNode }),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(version === undefined ? {} : { version }),
  };
}

/** A measurement of a document; subtypes and keys in the order that they have. */
export function measurementTree({ type, subtypes }: Measurement): TreeMap {
  return { type, subtypes: subtypes.map(subtypeTree) };
}

function subtypeTree({ name, data, context }: Subtype): TreeMap {
  return {
    subtype: name,
    data: Object.fromEntries(data),
    ...(context === undefined || context.size === 0 ? {} : { context: Object.fromEntries(context) }),
  };
}
