import { RE2JS, type Matcher } from "re2js";
import { messageOf } from "@slipway/base";
import { FunctionError } from "./function-error.ts";

/** Counts the work of a search. */
export type Charge = (steps: number) => void;

/** Longer expressions are refused; RE2 itself limits counts. */
const MAX_LENGTH = 1000;

/** How much text times expression is one step. */
const WORK_OF_A_STEP = 256;

/**
 * A regular expression with the methods of Go's regexp.Regexp that templates need, and the matches that Go finds.
 * Matching takes time that grows with the text times the expression.
 */
export class GoRegexp {
  private readonly regexp: RE2JS;
  private readonly charge: Charge;

  /** Throws FunctionError when the expression is not valid. */
  constructor(source: string, charge: Charge) {
    if (source.length > MAX_LENGTH) {
      throw new FunctionError(`a regular expression of ${source.length} characters, the limit is ${MAX_LENGTH}`);
    }
    this.charge = charge;
    try {
      this.regexp = RE2JS.compile(source);
    } catch (error) {
      throw new FunctionError(messageOf(error).replace("error parsing regexp", "not a valid regular expression"));
    }
  }

  /** Whether any part of the text matches. */
  matches(text: string): boolean {
    return this.search(this.regexp.matcher(text), text, 0) !== undefined;
  }

  /** The first match, or an empty text. */
  find(text: string): string {
    return this.findAll(text, 1)[0] ?? "";
  }

  /** The matches, at most `count` of them; all for a negative count. */
  findAll(text: string, count: number): readonly string[] {
    return this.positions(text, count).map(([start, end]) => text.slice(start, end));
  }

  /** The parts between the matches, at most `count` of them; all for a negative count. */
  split(text: string, count: number): readonly string[] {
    if (count === 0) return [];
    if (text === "") return [""];
    const parts: string[] = [];
    let start = 0;
    let end = 0;
    for (const match of this.positions(text, count)) {
      if (count > 0 && parts.length === count - 1) break;
      end = match[0];
      if (match[1] !== 0) parts.push(text.slice(start, end));
      start = match[1];
    }
    if (end !== text.length) parts.push(text.slice(start));
    return parts;
  }

  /** The text with each match replaced by what the function gives, which is told what the groups hold. */
  replace(text: string, replacement: (group: (name: string) => string) => string): string {
    const matcher = this.regexp.matcher(text);
    let replaced = "";
    let last = 0;
    for (let from = 0; from <= text.length;) {
      const match = this.search(matcher, text, from);
      if (match === undefined) break;
      const [start, end] = match;
      replaced += text.slice(last, start);
      // An empty match right after another match is not replaced.
      if (end > last || start === 0) replaced += replacement((name) => this.group(matcher, name));
      last = end;
      from = Math.max(afterSign(text, from), end);
    }
    return replaced + text.slice(last);
  }

  private group(matcher: Matcher, name: string): string {
    const index = /^\d+$/.test(name) ? Number(name) : this.regexp.namedGroups()[name];
    return index === undefined || index > this.regexp.groupCount() ? "" : (matcher.group(index) ?? "");
  }

  private positions(text: string, count: number): (readonly [number, number])[] {
    const matcher = this.regexp.matcher(text);
    const found: (readonly [number, number])[] = [];
    let previousEnd = -1;
    const limit = count < 0 ? Infinity : count;
    for (let from = 0; from <= text.length && found.length < limit;) {
      const match = this.search(matcher, text, from);
      if (match === undefined) break;
      const [start, end] = match;
      const isRepeated = end === from && start === previousEnd;
      from = end === from ? afterSign(text, from) : end;
      previousEnd = end;
      if (!isRepeated) found.push([start, end]);
    }
    return found;
  }

  /** Each search may look at all of the text that is left. */
  private search(matcher: Matcher, text: string, from: number): readonly [number, number] | undefined {
    this.charge(1 + ((text.length - from) * this.regexp.programSize()) / WORK_OF_A_STEP);
    return matcher.find(from) ? [matcher.start(), matcher.end()] : undefined;
  }
}

/** The position after the sign at a position; a sign beyond the basic plane takes two. */
function afterSign(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

/** Fills `$1`, `$name`, `${name}` and `$$` of a replacement, as Go's Expand does: the longest name counts. */
export function expandReplacement(template: string, group: (name: string) => string): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced;
    return name === undefined ? all.slice(1) : group(name);
  });
}
