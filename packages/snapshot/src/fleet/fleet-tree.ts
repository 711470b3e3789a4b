import { writeJson, writeYaml, type TreeMap } from "@slipway/base";
import { API_VERSION, type DocumentFormat } from "../document.ts";
import { measurementTree, metadataTree } from "../snapshot-tree.ts";
import type { FleetNode, FleetSnapshot, Lack, Outlier } from "./fleet-model.ts";
import { fleetTable } from "./fleet-table.ts";

/** A fleet as a document; `decodeFleet` reads it back. */
export function fleetTree(fleet: FleetSnapshot): TreeMap {
  const { metadata, common, nodes, groups, outliers, notMeasured } = fleet;
  return {
    kind: "FleetSnapshot",
    apiVersion: API_VERSION,
    metadata: metadataTree(metadata),
    summary: { nodes: nodes.length, notMeasured: notMeasured.size, groups: groups.length, outliers: outliers.length },
    outliers: outliers.map(outlierTree),
    notMeasured: [...notMeasured].map(([node, reason]) => ({ node, reason })),
    groups: groups.map(({ traits, nodes }) => ({ traits: Object.fromEntries(traits), nodes })),
    common: common.map(measurementTree),
    nodes: nodes.map(nodeTree),
  };
}

/** A fleet as text that ends with a newline. The table is a summary: readings are in YAML and JSON only. */
export function fleetText(fleet: FleetSnapshot, format: DocumentFormat): string {
  if (format === "table") return fleetTable(fleet);
  return format === "json" ? writeJson(fleetTree(fleet)) : writeYaml(fleetTree(fleet));
}

function outlierTree({ node, pool, subject, reading, expected, actual, alike, poolSize }: Outlier): TreeMap {
  return {
    node,
    pool,
    subject,
    reading,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    alike,
    poolSize,
  };
}

function nodeTree({ name, pool, metadata, measurements, lacks, inherits }: FleetNode): TreeMap {
  return {
    node: name,
    pool,
    metadata: metadataTree(metadata),
    ...(inherits ? {} : { inherits }),
    ...(measurements.length === 0 ? {} : { measurements: measurements.map(ownTree) }),
    ...(lacks.length === 0 ? {} : { lacks: lacks.map(lackTree) }),
  };
}

/** Unlike elsewhere, an empty context says something: that the common one does not count. */
function ownTree(measurement: FleetNode["measurements"][number]): TreeMap {
  const subtypes = measurement.subtypes.map(({ name, data, context }) => ({
    subtype: name,
    data: Object.fromEntries(data),
    ...(context === undefined ? {} : { context: Object.fromEntries(context) }),
  }));
  return { type: measurement.type, subtypes };
}

function lackTree({ type, subtype, keys }: Lack): TreeMap {
  return { type, ...(subtype === undefined ? {} : { subtype }), ...(keys === undefined ? {} : { keys }) };
}
