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
import type { Measurement, Reading, Snapshot, SnapshotMetadata, Subtype } from "./model.ts";

/** How a snapshot was written. */
export interface SnapshotOptions {
  /** Default "yaml". In JSON every number is a float to aicr, so that 1234567 becomes the text `1.234567e+06`. */
  readonly format?: "yaml" | "json";
}

/** Of the metadata: before the name of a collector that gave nothing. */
export const NOT_MEASURED = "not-measured.";

/**
 * Reads a Snapshot document. A value that is no text, number or boolean becomes text as release 0.11.1 of aicr makes it:
 * null `<nil>`, a list `[1 2]`. Absent or null `measurements`, `subtypes` and `data` are empty.
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
  return {
    metadata: decodeMetadata(enter(document, "metadata")),
    measurements: decodeMeasurements(list, options),
  };
}

/** Reads the metadata of a snapshot; keys that it does not know are skipped. */
export function decodeMetadata(cursor: Cursor): SnapshotMetadata {
  const notMeasured = entries(cursor)
    .filter(([key]) => key.startsWith(NOT_MEASURED))
    .map(([key, reason]): readonly [string, string] => [key.slice(NOT_MEASURED.length), optionalText(reason) ?? ""]);
  return {
    version: optionalText(enter(cursor, "version")),
    timestamp: optionalText(enter(cursor, "timestamp")),
    sourceNode: optionalText(enter(cursor, "source-node")),
    ...(notMeasured.length === 0 ? {} : { notMeasured: new Map(notMeasured) }),
  };
}

/** Reads the list of measurements. Errors as {@link decodeSnapshot}. */
export function decodeMeasurements(list: Cursor, options: SnapshotOptions = {}): readonly Measurement[] {
  return items(list).map((item) => {
    const measurement = demandMap(item, "a measurement (type, subtypes)");
    return {
      type: optionalText(enter(measurement, "type")) ?? "",
      subtypes: items(enter(measurement, "subtypes")).map((subtype) => decodeSubtype(subtype, options)),
    };
  });
}

function decodeSubtype(cursor: Cursor, options: SnapshotOptions): Subtype {
  const subtype = demandMap(cursor, "a subtype (subtype, data)");
  const data = entries(enter(subtype, "data")).map(([key, { value }]): readonly [string, Reading] => {
    return [key, readingOf(value ?? null, options)];
  });
  const context = entries(enter(subtype, "context")).map(([key, { value }]): readonly [string, string] => {
    return [key, goText(value ?? null, options)];
  });
  return {
    name: optionalText(enter(subtype, "subtype")) ?? "",
    data: new Map(data),
    ...(context.length === 0 ? {} : { context: new Map(context) }),
  };
}

/** Unlike optional fields, an item of a list must not be null. */
function demandMap(cursor: Cursor, what: string): Cursor {
  if (isTreeMap(cursor.value)) return cursor;
  throw new SlipwayError("INVALID_INPUT", `expected ${what}, found ${kindOf(cursor.value)}`, {
    place: { field: cursor.field },
  });
}

function readingOf(value: Tree, options: SnapshotOptions): Reading {
  if (typeof value === "string" || typeof value === "boolean") return value;
  return typeof value === "number" && Number.isFinite(value) ? value : goText(value, options);
}

/**
 * A reading as text, the way release 0.11.1 of aicr compares it: 1.30 is `1.3`, true is `true`.
 *
 * @param options how the snapshot was written
 */
export function readingText(reading: Reading, { format }: SnapshotOptions = {}): string {
  if (typeof reading !== "number") return String(reading);
  return format === "json" ? floatText(reading) : numberText(reading);
}

function goText(value: Tree, options: SnapshotOptions): string {
  if (value === null) return "<nil>";
  if (isTreeList(value)) return `[${value.map((item) => goText(item, options)).join(" ")}]`;
  if (isTreeMap(value)) {
    const pairs = Object.entries(value).sort(([left], [right]) => compareBytes(left, right));
    return `map[${pairs.map(([key, child]) => `${key}:${goText(child, options)}`).join(" ")}]`;
  }
  if (typeof value !== "bigint") return readingText(value, options);
  return options.format === "json" ? floatText(Number(value)) : numberText(value);
}
