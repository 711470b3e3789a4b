import { isTreeList, isTreeMap, type Tree, type TreeMap } from "@slipway/base";
import type { Snapshot } from "./model.ts";
import { snapshotTree } from "./snapshot-tree.ts";

/** The fields of a document, as templates written for aicr's own structures name them. */
const GO_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["kind", ["Kind"]],
  ["apiVersion", ["APIVersion"]],
  ["metadata", ["Metadata"]],
  ["measurements", ["Measurements"]],
  ["type", ["Type"]],
  ["subtypes", ["Subtypes"]],
  ["subtype", ["Name", "Subtype"]],
  ["data", ["Data"]],
  ["context", ["Context"]],
]);

/**
 * A snapshot for a template: each field under its name in the document (`.measurements`) and under that of aicr's own
 * structures (`.Measurements`, `.Name` and `.Subtype` for a subtype's name). Readings are in `.Data` by their keys:
 * `{{ index .Data "gpu.model" }}`. The context of a subtype is always there, if only empty.
 */
export function templateData(snapshot: Snapshot): TreeMap {
  return named(snapshotTree(snapshot));
}

function named(map: TreeMap): TreeMap {
  const whole = "subtype" in map ? { context: {}, ...map } : map;
  return Object.fromEntries(
    Object.entries(whole).flatMap(([key, value]): readonly (readonly [string, Tree])[] => {
      const tree = isTreeList(value) ? value.map((item) => (isTreeMap(item) ? named(item) : item)) : value;
      return [key, ...(GO_NAMES.get(key) ?? [])].map((name) => [name, tree]);
    }),
  );
}
