import {
  SlipwayError,
  compareBytes,
  enter,
  entries,
  floatText,
  isTreeList,
  isTreeMap,
  items,
  kindOf,
  numberText,
  optionalText,
  type Cursor,
  type Tree,
} from "@slipway/base";
import type { Lookup } from "./constraint.ts";

/** One group of readings, such as `server` of K8s. */
export interface Subtype {
  readonly name: string;
  /** Readings by key. Values are text, whatever they were. */
  readonly data: ReadonlyMap<string, string>;
}

/** What one collector measured: K8s, GPU, OS, SystemD, NodeTopology. */
export interface Measurement {
  readonly type: string;
  readonly subtypes: readonly Subtype[];
}

/** What was measured on a cluster. */
export interface Snapshot {
  readonly metadata: {
    readonly version?: string | undefined;
    readonly timestamp?: string | undefined;
    /** `source-node` of the document. */
    readonly sourceNode?: string | undefined;
  };
  readonly measurements: readonly Measurement[];
}

/** How a snapshot was written. */
export interface SnapshotOptions {
  /** Default "yaml". In JSON every number is a float to aicr, so that 1234567 becomes the text `1.234567e+06`. */
  readonly format?: "yaml" | "json";
}

/**
 * Reads a Snapshot document. Values become text as release 0.11.1 of aicr makes them: 1.30 is `1.3`, null `<nil>`, a list
 * `[1 2]`. Absent or null `measurements`, `subtypes` and `data` are empty.
 *
 * @throws SlipwayError INVALID_INPUT with the field for a measurement or subtype that is no map (null too), a value of a
 * wrong type, and a document of another kind
 */
export function decodeSnapshot(cursor: Cursor, options: SnapshotOptions = {}): Snapshot {
  const document = demandMap(cursor, "a Snapshot document");
  const kind = optionalText(enter(document, "kind"));
  const list = enter(document, "measurements");
  if (kind !== undefined && kind !== "Snapshot" && list.value === undefined) {
    throw new SlipwayError("INVALID_INPUT", `expected a Snapshot, found a document of kind "${kind}"`, {
      place: { field: "kind" },
      hint: "A snapshot is a document of kind Snapshot, with measurements of a cluster.",
    });
  }
  const metadata = enter(document, "metadata");
  return {
    metadata: {
      version: optionalText(enter(metadata, "version")),
      timestamp: optionalText(enter(metadata, "timestamp")),
      sourceNode: optionalText(enter(metadata, "source-node")),
    },
    measurements: items(list).map((item) => decodeMeasurement(item, options)),
  };
}

function decodeMeasurement(cursor: Cursor, options: SnapshotOptions): Measurement {
  const measurement = demandMap(cursor, "a measurement (type, subtypes)");
  return {
    type: optionalText(enter(measurement, "type")) ?? "",
    subtypes: items(enter(measurement, "subtypes")).map((item) => {
      const subtype = demandMap(item, "a subtype (subtype, data)");
      const data = entries(enter(subtype, "data")).map(([key, reading]): readonly [string, string] => {
        return [key, goText(reading.value ?? null, options)];
      });
      return { name: optionalText(enter(subtype, "subtype")) ?? "", data: new Map(data) };
    }),
  };
}

/** Unlike optional fields, an item of a list must not be null. */
function demandMap(cursor: Cursor, what: string): Cursor {
  if (isTreeMap(cursor.value)) return cursor;
  throw new SlipwayError("INVALID_INPUT", `expected ${what}, found ${kindOf(cursor.value)}`, {
    place: { field: cursor.field },
  });
}

function goText(value: Tree, options: SnapshotOptions): string {
  if (value === null) return "<nil>";
  if (isTreeList(value)) return `[${value.map((item) => goText(item, options)).join(" ")}]`;
  if (isTreeMap(value)) {
    const pairs = Object.entries(value).sort(([left], [right]) => compareBytes(left, right));
    return `map[${pairs.map(([key, child]) => `${key}:${goText(child, options)}`).join(" ")}]`;
  }
  if (typeof value !== "number" && typeof value !== "bigint") return String(value);
  return options.format === "json" ? floatText(Number(value)) : numberText(value);
}

/**
 * Finds readings by `Type.subtype.key`; the key may hold dots. Of several measurements of a type, or subtypes of a name,
 * the first counts.
 */
export function snapshotLookup(snapshot: Snapshot): Lookup {
  return (name) => {
    const [type = "", subtype = "", ...key] = name.split(".");
    const measurement = snapshot.measurements.find((candidate) => candidate.type === type);
    return measurement?.subtypes.find((candidate) => candidate.name === subtype)?.data.get(key.join("."));
  };
}
