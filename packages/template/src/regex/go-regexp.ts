import { signsOf } from "../utf8.ts";
import { findMatch, type Match } from "./match.ts";
import { compileRegex, type Program } from "./program.ts";

/** Counts the work of a search. */
export type Charge = (steps: number) => void;

/** A regular expression with the methods of Go's regexp.Regexp that templates need. */
export class GoRegexp {
  private readonly program: Program;
  private readonly charge: Charge;

  /** Throws FunctionError when the expression is not valid. */
  constructor(source: string, charge: Charge) {
    this.program = compileRegex(source);
    this.charge = charge;
  }

  /** Whether any part of the text matches. */
  matches(text: string): boolean {
    return findMatch(this.program, signsOf(text), 0, this.charge) !== undefined;
  }

  /** The first match, or an empty text. */
  find(text: string): string {
    return this.findAll(text, 1)[0] ?? "";
  }

  /** The matches, at most `count` of them; all for a negative count. */
  findAll(text: string, count: number): readonly string[] {
    const signs = signsOf(text);
    return this.positions(signs, count).map(([start, end]) => signs.slice(start, end).join(""));
  }

  /** The parts between the matches, at most `count` of them; all for a negative count. */
  split(text: string, count: number): readonly string[] {
    if (count === 0) return [];
    if (text === "") return [""];
    const signs = signsOf(text);
    const parts: string[] = [];
    let start = 0;
    let end = 0;
    for (const match of this.positions(signs, count)) {
      if (count > 0 && parts.length === count - 1) break;
      end = match[0];
      if (match[1] !== 0) parts.push(signs.slice(start, end).join(""));
      start = match[1];
    }
    if (end !== signs.length) parts.push(signs.slice(start).join(""));
    return parts;
  }

  /** The text with each match replaced by what the function gives for it. */
  replace(text: string, replacement: (group: (name: string) => string) => string): string {
    const signs = signsOf(text);
    let replaced = "";
    let last = 0;
    for (let from = 0; from <= signs.length;) {
      const match = findMatch(this.program, signs, from, this.charge);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      replaced += signs.slice(last, start).join("");
      // An empty match right after another match is not replaced.
      if (end > last || start === 0) replaced += replacement((name) => this.group(signs, match, name));
      last = end;
      from = Math.max(from + 1, end);
    }
    return replaced + signs.slice(last).join("");
  }

  private group(signs: readonly string[], match: Match, name: string): string {
    const index = /^\d+$/.test(name) ? Number(name) : this.program.names.get(name);
    if (index === undefined) return "";
    const [start, end] = [match[2 * index], match[2 * index + 1]];
    return start === undefined || end === undefined ? "" : signs.slice(start, end).join("");
  }

  private positions(signs: readonly string[], count: number): (readonly [number, number])[] {
    const found: (readonly [number, number])[] = [];
    let previousEnd = -1;
    const limit = count < 0 ? Infinity : count;
    for (let from = 0; from <= signs.length && found.length < limit;) {
      const match = findMatch(this.program, signs, from, this.charge);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      const isRepeated = end === from && start === previousEnd;
      from = end === from ? from + 1 : end;
      previousEnd = end;
      if (!isRepeated) found.push([start, end]);
    }
    return found;
  }
}

/** Fills `$1`, `$name`, `${name}` and `$$` of a replacement, as Go's Expand does: the longest name counts. */
export function expandReplacement(template: string, group: (name: string) => string): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced;
    return name === undefined ? all.slice(1) : group(name);
  });
}
