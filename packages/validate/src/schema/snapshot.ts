import {
  AICR_API,
  described,
  document,
  header,
  listOf,
  mapOf,
  record,
  scalar,
  text,
  textOrNumber,
  timestamp,
} from "./parts.ts";

/** Readings of one collector. */
export const measurement = record(
  {
    type: described("K8s, GPU, OS, SystemD or NodeTopology in what aicr writes", text),
    subtypes: listOf(
      record(
        {
          subtype: text,
          data: described("readings by key", mapOf(scalar)),
          context: described("what helps a reader and is no reading", mapOf(text)),
        },
        ["subtype", "data"],
      ),
    ),
  },
  ["type", "subtypes"],
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
  record({ ...header("Snapshot", AICR_API), metadata, measurements: listOf(measurement) }, ["kind", "measurements"]),
);
