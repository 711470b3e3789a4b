import {
  SlipwayError,
  entries,
  enter,
  isTreeMap,
  items,
  kindOf,
  optionalBoolean,
  optionalInteger,
  optionalText,
  own,
  requiredText,
  textList,
  type Cursor,
} from "@slipway/base";
import { decodeMeasurements, decodeMetadata, type SnapshotOptions } from "../decode-snapshot.ts";
import type { FleetGroup, FleetNode, FleetSnapshot, Lack, Outlier } from "./fleet-model.ts";

/** Whether a document says that it is a FleetSnapshot. */
export function isFleet({ value }: Cursor): boolean {
  return isTreeMap(value) && own(value, "kind") === "FleetSnapshot";
}

/**
 * Reads a FleetSnapshot document.
 *
 * @throws SlipwayError INVALID_INPUT with the field for a value of a wrong type, a node without a name, and a document of
 * another kind
 */
export function decodeFleet(cursor: Cursor, options: SnapshotOptions = {}): FleetSnapshot {
  if (!isFleet(cursor)) {
    const kind = isTreeMap(cursor.value) ? optionalText(enter(cursor, "kind")) : undefined;
    const found = kind === undefined ? kindOf(cursor.value) : `a document of kind "${kind}"`;
    throw new SlipwayError("INVALID_INPUT", `expected a FleetSnapshot, found ${found}`, { place: { field: "kind" } });
  }
  const { version, timestamp } = decodeMetadata(enter(cursor, "metadata"));
  return {
    metadata: { version, timestamp },
    common: decodeMeasurements(enter(cursor, "common"), options),
    nodes: items(enter(cursor, "nodes")).map((node) => decodeNode(node, options)),
    groups: items(enter(cursor, "groups")).map(decodeGroup),
    outliers: items(enter(cursor, "outliers")).map(decodeOutlier),
    notMeasured: new Map(
      items(enter(cursor, "notMeasured")).map((item) => [
        requiredText(enter(item, "node")),
        optionalText(enter(item, "reason")) ?? "",
      ]),
    ),
  };
}

function decodeNode(cursor: Cursor, options: SnapshotOptions): FleetNode {
  const list = enter(cursor, "measurements");
  const contexts = items(list).map((item) =>
    items(enter(item, "subtypes")).map((each) => enter(each, "context").value),
  );
  const measurements = decodeMeasurements(list, options).map((measurement, index) => ({
    type: measurement.type,
    subtypes: measurement.subtypes.map((subtype, at) =>
      subtype.context === undefined && isTreeMap(contexts[index]?.[at] ?? undefined)
        ? { ...subtype, context: new Map<string, string>() }
        : subtype,
    ),
  }));
  return {
    name: requiredText(enter(cursor, "node")),
    pool: optionalText(enter(cursor, "pool")) ?? "",
    metadata: decodeMetadata(enter(cursor, "metadata")),
    measurements,
    lacks: items(enter(cursor, "lacks")).map(decodeLack),
    inherits: optionalBoolean(enter(cursor, "inherits")) ?? true,
  };
}

function decodeLack(cursor: Cursor): Lack {
  const keys = enter(cursor, "keys");
  const subtype = optionalText(enter(cursor, "subtype"));
  return {
    type: optionalText(enter(cursor, "type")) ?? "",
    ...(subtype === undefined ? {} : { subtype }),
    ...(keys.value === undefined || keys.value === null ? {} : { keys: textList(keys) }),
  };
}

function decodeGroup(cursor: Cursor): FleetGroup {
  const traits = entries(enter(cursor, "traits")).map(([name, value]) => [name, optionalText(value) ?? ""] as const);
  return { nodes: textList(enter(cursor, "nodes")), traits: new Map(traits) };
}

function decodeOutlier(cursor: Cursor): Outlier {
  const text = (field: string): string => optionalText(enter(cursor, field)) ?? "";
  const [expected, actual] = [optionalText(enter(cursor, "expected")), optionalText(enter(cursor, "actual"))];
  return {
    node: text("node"),
    pool: text("pool"),
    subject: text("subject"),
    reading: text("reading"),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    alike: optionalInteger(enter(cursor, "alike")) ?? 0,
    poolSize: optionalInteger(enter(cursor, "poolSize")) ?? 0,
  };
}
