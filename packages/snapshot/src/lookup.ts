import { readingText, type SnapshotOptions } from "./decode-snapshot.ts";
import type { Snapshot } from "./model.ts";

/**
 * Finds readings, as text, by `Type.subtype.key`; the key may hold dots. Of several measurements of a type, or subtypes
 * of a name, the first counts. It fits the lookup that constraints are evaluated with.
 *
 * @param options how the snapshot was written: numbers of JSON are floats to aicr
 */
export function snapshotLookup(
  snapshot: Snapshot,
  options: SnapshotOptions = {},
): (name: string) => string | undefined {
  return (name) => {
    const [type = "", subtype = "", ...key] = name.split(".");
    const measurement = snapshot.measurements.find((candidate) => candidate.type === type);
    const reading = measurement?.subtypes.find((candidate) => candidate.name === subtype)?.data.get(key.join("."));
    return reading === undefined ? undefined : readingText(reading, options);
  };
}
