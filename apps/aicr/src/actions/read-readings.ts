import { writeYaml, type Tree, type TreeMap } from "@slipway/base";
import {
  decodeFleet,
  decodeSnapshot,
  isFleet,
  nodeSnapshots,
  snapshotLookup,
  type FleetSnapshot,
  type Snapshot,
  type SnapshotOptions,
} from "@slipway/snapshot";
import type { NodeReadings } from "@slipway/validate";
import type { CommandDeps } from "../deps.ts";
import { requireSnapshot } from "./read-snapshot.ts";

/** What was measured, in the forms that a validation needs. */
export interface Readings {
  readonly nodes: readonly NodeReadings[];
  /** Readings by type, subtype and key, for policies: of the first node. */
  readonly tree: TreeMap;
  /** Nodes that gave nothing, each with the reason: their constraints are not tested. */
  readonly notMeasured: ReadonlyMap<string, string>;
  /** The document as it was given, as YAML, for checks that run in a container. */
  readonly text: string;
}

/**
 * Reads a snapshot.
 *
 * @param source where it is
 * @param what the flag or argument, for messages
 * @throws SlipwayError as reading a document does; INVALID_INPUT for one without a single measurement list
 */
export async function readReadings(deps: CommandDeps, source: string, what: string): Promise<Readings> {
  const { readDocument } = await import("@slipway/terminal/documents");
  return readDocument(deps, source, what, (cursor, format) => {
    if (isFleet(cursor)) return readingsOfFleet(decodeFleet(cursor, { format }), cursor.value ?? null, { format });
    requireSnapshot(cursor);
    return readingsOfSnapshots([{ snapshot: decodeSnapshot(cursor, { format }) }], cursor.value ?? null, { format });
  });
}

/** A snapshot, and the node that it is of where a document holds several. */
export interface NodeSnapshot {
  readonly node?: string;
  readonly snapshot: Snapshot;
}

/** The forms of snapshots that were read or taken. */
export function readingsOfSnapshots(
  snapshots: readonly NodeSnapshot[],
  document: Tree,
  options: SnapshotOptions = {},
): Readings {
  return {
    nodes: snapshots.map(({ node, snapshot }) => ({
      ...(node === undefined ? {} : { node }),
      lookup: snapshotLookup(snapshot, options),
      names: () => readingNames(snapshot),
    })),
    tree: readingTree(snapshots[0]?.snapshot),
    notMeasured: new Map(),
    text: writeYaml(document),
  };
}

/** Policies see the first node of a fleet; constraints are tested on all. */
function readingsOfFleet(fleet: FleetSnapshot, document: Tree, options: SnapshotOptions): Readings {
  return { ...readingsOfSnapshots([...nodeSnapshots(fleet)], document, options), notMeasured: fleet.notMeasured };
}

function readingNames({ measurements }: Snapshot): readonly string[] {
  return measurements.flatMap(({ type, subtypes }) =>
    subtypes.flatMap(({ name, data }) => [...data.keys()].map((key) => `${type}.${name}.${key}`)),
  );
}

/** Of several measurements of a type, or subtypes of a name, the first counts, as for constraints. */
function readingTree(snapshot: Snapshot | undefined): TreeMap {
  const reversed = (snapshot?.measurements ?? []).toReversed();
  return Object.fromEntries(
    reversed.map(({ type, subtypes }) => [
      type,
      Object.fromEntries(subtypes.toReversed().map(({ name, data }) => [name, Object.fromEntries(data)])),
    ]),
  );
}
