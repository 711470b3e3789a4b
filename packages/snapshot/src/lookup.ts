import { readingText, type SnapshotOptions } from "./decode-snapshot.ts";
import type { Snapshot, Subtype } from "./model.ts";

/**
 * Finds readings, as text, by `Type.subtype.key`; the key may hold dots, and so may the subtype (`containerd.service`):
 * the shortest subtype that has the rest as a key counts. Of several measurements of a type, or subtypes of a name, the
 * first counts. It fits the lookup that constraints are evaluated with.
 *
 * @param options how the snapshot was written: numbers of JSON are floats to aicr
 */
export function snapshotLookup(
  snapshot: Snapshot,
  options: SnapshotOptions = {},
): (name: string) => string | undefined {
  return (name) => {
    const [type = "", ...rest] = name.split(".");
    const subtypes = firstOfEachName(
      snapshot.measurements.find((candidate) => candidate.type === type)?.subtypes ?? [],
    );
    for (let parts = 1; parts < rest.length; parts++) {
      const key = rest.slice(parts).join(".");
      const reading = subtypes.get(rest.slice(0, parts).join("."))?.data.get(key);
      if (reading !== undefined) return readingText(reading, options);
    }
    return undefined;
  };
}

function firstOfEachName(subtypes: readonly Subtype[]): ReadonlyMap<string, Subtype> {
  return new Map(subtypes.toReversed().map((subtype) => [subtype.name, subtype]));
}
