import type { Reading, Snapshot } from "../model.ts";
import { Runs } from "./runs.ts";

/** The readings of many nodes, by what they are of. */
export interface TypeColumns {
  readonly present: Runs<true>;
  readonly subtypes: Map<string, SubtypeColumns>;
}

/** The readings of a subtype. */
export interface SubtypeColumns {
  readonly present: Runs<true>;
  readonly data: Map<string, Runs<Reading>>;
  /** The whole context as JSON: it has few entries, and most nodes have the same. */
  readonly context: Runs<string>;
}

/** All readings that were added, by type. */
export type ReadingsTable = Map<string, TypeColumns>;

/** Adds a node's readings; nodes come with ascending indexes. No type, and no subtype of it, stands twice. */
export function addReadings(table: ReadingsTable, index: number, { measurements }: Snapshot): void {
  for (const { type, subtypes } of measurements) {
    const columns = entryOf(table, type, () => ({ present: new Runs<true>(), subtypes: new Map() }));
    columns.present.set(index, true);
    for (const { name, data, context } of subtypes) {
      const subtype = entryOf(columns.subtypes, name, () => ({
        present: new Runs<true>(),
        data: new Map<string, Runs<Reading>>(),
        context: new Runs<string>(),
      }));
      subtype.present.set(index, true);
      for (const [key, reading] of data) entryOf(subtype.data, key, () => new Runs<Reading>()).set(index, reading);
      subtype.context.set(index, JSON.stringify([...(context ?? [])]));
    }
  }
}

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** Whether a type, or a subtype of one, stands twice in a snapshot. */
export function hasRepeats({ measurements }: Snapshot): boolean {
  const repeats = (names: readonly string[]): boolean => new Set(names).size < names.length;
  return (
    repeats(measurements.map(({ type }) => type)) ||
    measurements.some(({ subtypes }) => repeats(subtypes.map(({ name }) => name)))
  );
}
