const MOST_NAMES = 12;

/** A way that comes back to where it started, as `"a" -> "b" -> "a"`; of a long one the middle is left out. */
export function cyclePath(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  const shown = quoted.length <= MOST_NAMES ? quoted : [...quoted.slice(0, 6), "...", ...quoted.slice(-5)];
  return shown.join(" -> ");
}
