/**
 * Whether a text is of a pattern: `*` stands for any signs, also none, dots and slashes too; `?` for one. Takes at most
 * the product of the two lengths.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, place] = [0, 0];
  let star = -1;
  let resume = 0;
  while (place < text.length) {
    const sign = pattern[at];
    if (sign === "*") [star, resume, at] = [at, place, at + 1];
    else if (sign !== undefined && (sign === "?" || sign === text[place])) [at, place] = [at + 1, place + 1];
    else if (star < 0) return false;
    else {
      resume += 1;
      [at, place] = [star + 1, resume];
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
