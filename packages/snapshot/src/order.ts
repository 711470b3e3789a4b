import { compareBytes } from "@slipway/base";
import { MEASUREMENT_TYPES, type Measurement, type Snapshot } from "./model.ts";

const RANKS: ReadonlyMap<string, number> = new Map(MEASUREMENT_TYPES.map((type, index) => [type, index]));

/** The order of measurement types: that of {@link MEASUREMENT_TYPES}, then types of others by their bytes. */
export function compareTypes(left: string, right: string): number {
  const [a, b] = [RANKS.get(left) ?? RANKS.size, RANKS.get(right) ?? RANKS.size];
  return a - b || compareBytes(left, right);
}

/**
 * The order of keys: numbers in them count as numbers, all else as its signs. A snapshot has thousands of keys, so this
 * does no more than look at each sign once.
 */
export function compareNames(left: string, right: string): number {
  let [a, b] = [0, 0];
  while (a < left.length && b < right.length) {
    const [one, other] = [left.charCodeAt(a), right.charCodeAt(b)];
    if (!isDigit(one) || !isDigit(other)) {
      if (one !== other) return one - other;
      a += 1;
      b += 1;
      continue;
    }
    const [leftEnd, rightEnd] = [endOfNumber(left, a), endOfNumber(right, b)];
    const order = compareDigits(left.slice(a, leftEnd), right.slice(b, rightEnd));
    if (order !== 0) return order;
    [a, b] = [leftEnd, rightEnd];
  }
  return left.length - a - (right.length - b) || compareBytes(left, right);
}

function isDigit(sign: number): boolean {
  return sign >= 0x30 && sign <= 0x39;
}

function endOfNumber(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** Of any length: what has more digits, without zeros in front, is more. */
function compareDigits(left: string, right: string): number {
  const [one, other] = [left.replace(/^0+/, ""), right.replace(/^0+/, "")];
  return one.length - other.length || compareBytes(one, other);
}

/** The entries of a map by key, in natural order: `gpu2` before `gpu10`. */
export function sortedEntries<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([left], [right]) => compareNames(left, right));
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
  return { type, subtypes: ordered.sort((left, right) => compareNames(left.name, right.name)) };
}
