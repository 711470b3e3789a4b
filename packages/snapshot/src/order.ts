import { compareBytes, compareNatural } from "@slipway/base";
import { MEASUREMENT_TYPES, type Measurement, type Snapshot } from "./model.ts";

const RANKS: ReadonlyMap<string, number> = new Map(MEASUREMENT_TYPES.map((type, index) => [type, index]));

/** The order of measurement types: that of {@link MEASUREMENT_TYPES}, then types of others by their bytes. */
export function compareTypes(left: string, right: string): number {
  const [a, b] = [RANKS.get(left) ?? RANKS.size, RANKS.get(right) ?? RANKS.size];
  return a - b || compareBytes(left, right);
}

/** The entries of a map by key, in natural order: `gpu2` before `gpu10`. */
export function sortedEntries<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([left], [right]) => compareNatural(left, right));
}

/**
 * The same snapshot in the one order in which snapshots are written: types, subtypes and keys, whoever was measured
 * first. Of several measurements of a type, or subtypes of a name, the order stays, because the first counts.
 */
export function orderedSnapshot({ metadata, measurements }: Snapshot): Snapshot {
  return { metadata, measurements: measurements.map(orderedMeasurement).sort(byType) };
}

function byType(left: Measurement, right: Measurement): number {
  return compareTypes(left.type, right.type);
}

function orderedMeasurement({ type, subtypes }: Measurement): Measurement {
  const ordered = subtypes.map(({ name, data, context }) => ({
    name,
    data: new Map(sortedEntries(data)),
    ...(context === undefined || context.size === 0 ? {} : { context: new Map(sortedEntries(context)) }),
  }));
  return { type, subtypes: ordered.sort((left, right) => compareNatural(left.name, right.name)) };
}
