/**
 * Compares two texts by their UTF-8 bytes, the order in which Go sorts text. JavaScript's own comparison differs for
 * signs beyond U+FFFF, which it sees as two surrogates.
 *
 * @returns a negative number, zero or a positive number, as `sort` wants it
 */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (a !== b) return weight(a) - weight(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above all others, so they weigh more than U+E000 to U+FFFF. */
function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
