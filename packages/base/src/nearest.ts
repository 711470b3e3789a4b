/**
 * The known name that a misspelt one most likely means.
 *
 * @returns nothing when no name is within a third of its length (at least 2) of edits, compared without case
 */
export function nearest(wanted: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** `Did you mean "x"?`, or nothing when no name is near. */
export function didYouMean(wanted: string, known: Iterable<string>): string | undefined {
  const name = nearest(wanted, known);
  return name === undefined ? undefined : `Did you mean "${name}"?`;
}

/** Levenshtein's distance, given up as soon as it must reach `stop`. */
function editDistance(left: string, right: string, stop: number): number {
  if (Math.abs(left.length - right.length) >= stop) return stop;
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (Math.min(...current) >= stop) return stop;
    previous = current;
  }
  return previous[right.length] ?? stop;
}
