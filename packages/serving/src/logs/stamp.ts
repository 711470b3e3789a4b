const SPACE = 32;
/** Longest time before a line: `2026-11-21T05:00:00.123456789+14:00`. */
const LONGEST = 40;
/** `2026-11-21T05:00:00`. */
const SHORTEST = 19;

/**
 * Where the time before a line ends, as kubelets write it (RFC 3339, a space behind it).
 *
 * @returns the place of the space; -1 when the line begins with something else
 */
export function stampEnd(bytes: Uint8Array, from: number, to: number): number {
  if (to - from <= SHORTEST || bytes[from + 4] !== 45 || bytes[from + 10] !== 84 || bytes[from + 13] !== 58) return -1;
  const most = Math.min(to, from + LONGEST);
  for (let at = from + SHORTEST; at < most; at++) if (bytes[at] === SPACE) return at;
  return -1;
}

/** Which of two times is the earlier one: below 0 for the left; 0 also for what is no time. */
export function compareStamps(left: string, right: string): number {
  if (left === right) return 0;
  const [a, b] = [partsOf(left), partsOf(right)];
  if (a === undefined || b === undefined) return 0;
  return a.second - b.second || Math.sign(a.fraction - b.fraction);
}

function partsOf(stamp: string): { readonly second: number; readonly fraction: number } | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(stamp);
  if (match === null) return undefined;
  const [, second = "", fraction = "0", zone = ""] = match;
  return { second: Date.parse(second + zone), fraction: Number(fraction) };
}
