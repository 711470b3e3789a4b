import { FunctionError } from "../function-error.ts";
import { literalTest, readClass, readEscape, signTest } from "./classes.ts";
import type { Assertion, Regex, RegexFlags } from "./syntax.ts";

/** The limits of RE2 and ours: a hostile expression must not cost more than it is worth. */
const LIMITS = { length: 1000, repeat: 1000, depth: 50 } as const;

/** A parsed expression, with the names of its groups by their numbers. */
export interface ParsedRegex {
  readonly regex: Regex;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

const GROUP = /^\((?:\?(?:P?<(?<name>\w+)>|(?<flags>[imsU]*(?:-[imsU]+)?)(?<end>[:)])))?/;
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})(\??)/;
const NO_FLAGS: RegexFlags = { ignoresCase: false, multiline: false, dotMatchesNewline: false, lazy: false };
const ESCAPED_ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ["\\A", "text start"],
  ["\\z", "text end"],
  ["\\b", "word border"],
  ["\\B", "no word border"],
]);

/**
 * Parses a regular expression in the syntax of Go's regexp (RE2): no references back, no looking around.
 *
 * @throws FunctionError that names what is wrong
 */
export function parseRegex(source: string): ParsedRegex {
  if (source.length > LIMITS.length) {
    throw new FunctionError(`a regular expression of ${source.length} characters, the limit is ${LIMITS.length}`);
  }
  const parser = new RegexParser(source);
  return parser.parse();
}

class RegexParser {
  private readonly source: string;
  private at = 0;
  private groups = 0;
  private depth = 0;
  private flags = NO_FLAGS;
  private readonly names = new Map<string, number>();

  constructor(source: string) {
    this.source = source;
  }

  parse(): ParsedRegex {
    const regex = this.choice();
    if (this.at < this.source.length) this.fail("a ) without a ( before it");
    return { regex, groups: this.groups, names: this.names };
  }

  private fail(problem: string): never {
    throw new FunctionError(`the regular expression ${JSON.stringify(this.source)} has ${problem}`);
  }

  private rest(): string {
    return this.source.slice(this.at);
  }

  private choice(): Regex {
    const options = [this.sequence()];
    while (this.source.charAt(this.at) === "|") {
      this.at++;
      options.push(this.sequence());
    }
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  private sequence(): Regex {
    const parts: Regex[] = [];
    while (this.at < this.source.length && !/[|)]/.test(this.source.charAt(this.at))) {
      if (this.rest().startsWith("\\Q")) this.quoted(parts);
      else {
        const piece = this.piece();
        if (piece !== undefined) parts.push(this.quantified(piece));
      }
    }
    return { kind: "sequence", parts };
  }

  /** Signs that mean themselves; a quantifier after them repeats the last one. */
  private quoted(parts: Regex[]): void {
    const end = this.source.indexOf("\\E", this.at);
    const text = this.source.slice(this.at + 2, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + 2;
    parts.push(...Array.from(text, (sign) => this.literal(sign.codePointAt(0) ?? 0)));
    const last = text === "" ? undefined : parts.pop();
    if (last !== undefined) parts.push(this.quantified(last));
  }

  /** One piece without its quantifier; nothing for `(?i)`, which only sets flags. */
  private piece(): Regex | undefined {
    const sign = this.source.charAt(this.at);
    switch (sign) {
      case "(":
        return this.group();
      case "[": {
        const { length, set } = readClass(this.rest());
        this.at += length;
        return { kind: "sign", test: signTest(set, this.flags.ignoresCase) };
      }
      case "\\":
        return this.escape();
      case ".": {
        this.at++;
        return { kind: "sign", test: this.flags.dotMatchesNewline ? () => true : (other) => other !== "\n" };
      }
      case "^":
      case "$":
        this.at++;
        return { kind: "assertion", which: this.border(sign) };
      case "*":
      case "+":
      case "?":
        return this.fail(`nothing before "${sign}" to repeat`);
      default:
        return this.plain();
    }
  }

  private plain(): Regex {
    const code = this.source.codePointAt(this.at) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    return this.literal(code);
  }

  private literal(code: number): Regex {
    return { kind: "sign", test: literalTest(code, this.flags.ignoresCase) };
  }

  private border(sign: "^" | "$"): Assertion {
    const place = sign === "^" ? "start" : "end";
    return this.flags.multiline ? `line ${place}` : `text ${place}`;
  }

  private escape(): Regex {
    const text = this.source.slice(this.at, this.at + 40);
    const assertion = ESCAPED_ASSERTIONS.get(text.slice(0, 2));
    if (assertion !== undefined) {
      this.at += 2;
      return { kind: "assertion", which: assertion };
    }
    const escape = readEscape(text);
    if (escape === undefined) return this.fail(`the unknown escape ${text.slice(0, 2)}`);
    this.at += escape.length;
    if ("code" in escape) return this.literal(escape.code);
    return { kind: "sign", test: signTest(escape.set, this.flags.ignoresCase) };
  }

  private group(): Regex | undefined {
    const match = GROUP.exec(this.rest());
    const { name, flags, end } = match?.groups ?? {};
    if (match === null || (match[0] === "(" && this.rest().startsWith("(?"))) {
      return this.fail("a group that RE2 does not know: it has no looking ahead or behind");
    }
    this.at += match[0].length;
    const outer = this.flags;
    if (flags !== undefined) this.flags = changedFlags(outer, flags);
    if (end === ")") return undefined;
    const captures = end !== ":";
    const index = captures ? ++this.groups : 0;
    if (name !== undefined) this.names.set(name, index);
    const body = this.inside();
    this.flags = outer;
    return captures ? { kind: "group", body, index } : body;
  }

  private inside(): Regex {
    if (++this.depth > LIMITS.depth) this.fail(`groups that nest deeper than ${LIMITS.depth} levels`);
    const outer = this.flags;
    const body = this.choice();
    this.flags = outer;
    this.depth--;
    if (this.source.charAt(this.at) !== ")") this.fail("a ( that is not closed");
    this.at++;
    return body;
  }

  private quantified(body: Regex): Regex {
    const match = QUANTIFIER.exec(this.rest());
    if (match === null) return body;
    const [all, least, comma, most, lazy] = match;
    this.at += all.length;
    if (QUANTIFIER.test(this.rest())) this.fail(`two repetitions in a row at "${this.rest().slice(0, 10)}"`);
    const range = least === undefined ? rangeOf(all.charAt(0)) : countedRange(least, comma === ",", most ?? "");
    const size = Math.max(range.least, range.most === Infinity ? 0 : range.most);
    if (size > LIMITS.repeat || range.most < range.least) this.fail(`the bad repetition ${all}`);
    return { kind: "repeat", body, ...range, greedy: (lazy === "?") === this.flags.lazy };
  }
}

function rangeOf(sign: string): { readonly least: number; readonly most: number } {
  return { least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity };
}

function countedRange(least: string, hasComma: boolean, most: string) {
  const start = Number(least);
  if (!hasComma) return { least: start, most: start };
  return { least: start, most: most === "" ? Infinity : Number(most) };
}

function changedFlags(flags: RegexFlags, text: string): RegexFlags {
  const [set = "", cleared = ""] = text.split("-");
  const state = (letter: string, before: boolean): boolean =>
    (before || set.includes(letter)) && !cleared.includes(letter);
  return {
    ignoresCase: state("i", flags.ignoresCase),
    multiline: state("m", flags.multiline),
    dotMatchesNewline: state("s", flags.dotMatchesNewline),
    lazy: state("U", flags.lazy),
  };
}
