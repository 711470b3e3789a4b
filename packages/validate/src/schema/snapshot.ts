import {
  AICR_API,
  count,
  described,
  document,
  filledText,
  flag,
  header,
  listOf,
  mapOf,
  record,
  scalar,
  text,
  textOrNumber,
  texts,
  timestamp,
} from "./parts.ts";

const subtypes = listOf(
  record(
    {
      subtype: text,
      data: described("readings by key", mapOf(scalar)),
      context: described("what helps a reader and is no reading", mapOf(text)),
    },
    ["subtype", "data"],
  ),
);

const measurements = listOf(
  record({ type: described("K8s, GPU, OS, SystemD or NodeTopology in what aicr writes", text), subtypes }, [
    "type",
    "subtypes",
  ]),
);

const metadata = {
  type: "object",
  properties: { timestamp, version: textOrNumber, "source-node": text },
  additionalProperties: scalar,
};

/** What was measured on a node and its cluster. */
export const snapshotSchema = document(
  "Snapshot",
  "What aicr snapshot measured on a node and its cluster",
  record({ ...header("Snapshot", AICR_API), metadata, measurements }, ["kind", "measurements"]),
);

const node = record(
  {
    node: filledText,
    pool: described("nodes that should be alike", text),
    metadata,
    inherits: described("whether common readings count for it", flag),
    measurements: described("what it does not have in common", measurements),
    lacks: described(
      "what is common and it does not have",
      listOf(record({ type: text, subtype: text, keys: texts }, ["type"])),
    ),
  },
  ["node"],
);

const outlier = record({
  node: text,
  pool: text,
  subject: text,
  reading: text,
  expected: text,
  actual: text,
  alike: count,
  poolSize: count,
});

/** What was measured on many nodes. */
export const fleetSchema = document(
  "FleetSnapshot",
  "What aicr snapshot --nodes measured on many nodes",
  record(
    {
      ...header("FleetSnapshot", AICR_API),
      metadata,
      summary: record({ nodes: count, notMeasured: count, groups: count, outliers: count }),
      outliers: listOf(outlier),
      notMeasured: listOf(record({ node: text, reason: text }, ["node"])),
      groups: listOf(record({ traits: mapOf(text), nodes: texts })),
      common: described("readings that count for every node that does not say otherwise", measurements),
      nodes: listOf(node),
    },
    ["kind", "nodes"],
  ),
);
