import { FunctionError } from "../function-error.ts";
import type { SignTest } from "./syntax.ts";

/** Perl's classes, which know ASCII only. */
const PERL: ReadonlyMap<string, string> = new Map([
  ["d", "[0-9]"],
  ["D", "[^0-9]"],
  ["s", "[\\t\\n\\f\\r\\u{20}]"],
  ["S", "[^\\t\\n\\f\\r\\u{20}]"],
  ["w", "[0-9A-Za-z_]"],
  ["W", "[^0-9A-Za-z_]"],
]);

const POSIX: ReadonlyMap<string, string> = new Map([
  ["alnum", "0-9A-Za-z"],
  ["alpha", "A-Za-z"],
  ["ascii", "\\u{0}-\\u{7f}"],
  ["blank", "\\t\\u{20}"],
  ["cntrl", "\\u{0}-\\u{1f}\\u{7f}"],
  ["digit", "0-9"],
  ["graph", "\\u{21}-\\u{7e}"],
  ["lower", "a-z"],
  ["print", "\\u{20}-\\u{7e}"],
  ["punct", "\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}"],
  ["space", "\\t\\n\\v\\f\\r\\u{20}"],
  ["upper", "A-Z"],
  ["word", "0-9A-Za-z_"],
  ["xdigit", "0-9A-Fa-f"],
]);

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);

const UNICODE_CLASS = /^\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/;
const NUMERIC_ESCAPE = /^\\(?:x\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/;
const POSIX_CLASS = /^\[:(\^?)([a-z]+):\]/;

/** A piece of a class, or an escape outside of one. `set` is the source of a JavaScript class (flag `v`). */
export type Escape =
  | { readonly length: number; readonly set: string }
  | { readonly length: number; readonly code: number };

/** Reads the escape at the start of a text, or nothing when RE2 has no such escape. */
export function readEscape(text: string): Escape | undefined {
  const letter = text.charAt(1);
  const perl = PERL.get(letter);
  if (perl !== undefined) return { length: 2, set: perl };
  const control = CONTROLS.get(letter);
  if (control !== undefined) return { length: 2, code: control };
  const unicode = UNICODE_CLASS.exec(text);
  if (unicode !== null) return { length: unicode[0].length, set: unicodeSet(unicode) };
  const numeric = NUMERIC_ESCAPE.exec(text);
  if (numeric !== null) {
    const [all, braced, short, octal] = numeric;
    const code = octal === undefined ? Number.parseInt(braced ?? short ?? "", 16) : Number.parseInt(octal, 8);
    return code <= 0x10ffff ? { length: all.length, code } : undefined;
  }
  return /[!-/:-@[-`{-~]/.test(letter) ? { length: 2, code: letter.charCodeAt(0) } : undefined;
}

function unicodeSet([, letter, caret, name, single]: RegExpExecArray): string {
  const property = single ?? name ?? "";
  const negated = (letter === "P") !== (caret === "^");
  return `\\${negated ? "P" : "p"}{${property.length <= 2 ? property : `Script=${property}`}}`;
}

/**
 * Reads a class such as `[^a-z\d[:punct:]]` at the start of a text.
 *
 * @returns the source of a JavaScript class (flag `v`), and how long the Go source is
 * @throws FunctionError when the class is not closed, or a range goes down
 */
export function readClass(text: string): { readonly length: number; readonly set: string } {
  const negated = text.startsWith("[^");
  let at = negated ? 2 : 1;
  let set = "";
  for (let isFirst = true; isFirst || text.charAt(at) !== "]"; isFirst = false) {
    if (at >= text.length) throw new FunctionError(`the class ${text} is not closed: expected ]`);
    const member = readMember(text, at);
    at += member.length;
    set += member.set;
  }
  return { length: at + 1, set: `[${negated ? "^" : ""}${set}]` };
}

/** A sign, a range of signs, or a class within a class. */
function readMember(text: string, at: number): { readonly length: number; readonly set: string } {
  const item = readItem(text, at);
  if ("set" in item) return item;
  const dash = at + item.length;
  const isRange = text.charAt(dash) === "-" && dash + 1 < text.length && text.charAt(dash + 1) !== "]";
  if (!isRange) return { length: item.length, set: literal(item.code) };
  const end = readItem(text, dash + 1);
  if ("set" in end || end.code < item.code) throw new FunctionError(`the class ${text} has a range that goes down`);
  return { length: item.length + 1 + end.length, set: `${literal(item.code)}-${literal(end.code)}` };
}

function readItem(text: string, at: number): Escape {
  const rest = text.slice(at, at + 40);
  const posix = POSIX_CLASS.exec(rest);
  const known = posix === null ? undefined : POSIX.get(posix[2] ?? "");
  if (posix !== null && known !== undefined) return { length: posix[0].length, set: `[${posix[1] ?? ""}${known}]` };
  if (rest.startsWith("\\")) {
    const escape = readEscape(rest);
    if (escape === undefined) throw new FunctionError(`unknown escape ${rest.slice(0, 2)} in a class`);
    return escape;
  }
  const code = text.codePointAt(at) ?? 0;
  return { length: code > 0xffff ? 2 : 1, code };
}

function literal(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

/** A test for one sign, from the source of a JavaScript class; answers are remembered. */
export function signTest(set: string, ignoresCase: boolean): SignTest {
  const pattern = compiled(set, ignoresCase);
  const known = new Map<string, boolean>();
  return (sign) => {
    const answer = known.get(sign) ?? pattern.test(sign);
    known.set(sign, answer);
    return answer;
  };
}

function compiled(set: string, ignoresCase: boolean): RegExp {
  try {
    return new RegExp(`^${set}$`, ignoresCase ? "vi" : "v");
  } catch (error) {
    throw new FunctionError(`not a valid class in a regular expression: ${String(error)}`);
  }
}

/** A test for one given sign. */
export function literalTest(code: number, ignoresCase: boolean): SignTest {
  if (ignoresCase) return signTest(`[${literal(code)}]`, true);
  const wanted = String.fromCodePoint(code);
  return (sign) => sign === wanted;
}
