import { signsOf } from "./utf8.ts";
/** What Go's `unicode.IsPrint` accepts: letters, marks, numbers, punctuation, symbols, and the space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
]);

/**
 * A text as a Go literal, as `strconv.Quote` writes it.
 *
 * @param mark the quotation mark: `"` for texts, `'` for single signs
 * @param asciiOnly whether signs beyond ASCII are escaped too
 */
export function quoteGo(text: string, mark: '"' | "'" = '"', asciiOnly = false): string {
  let quoted = "";
  for (const sign of text) quoted += sign === mark ? `\\${mark}` : (ESCAPES.get(sign) ?? escapeSign(sign, asciiOnly));
  return mark + quoted + mark;
}

function escapeSign(sign: string, asciiOnly: boolean): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code < 0x7f || (!asciiOnly && PRINTABLE.test(sign))) return sign;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
]);

const NUMERIC_ESCAPE = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3}))/;

/**
 * The text that a Go literal stands for, quotation marks included in the argument: `"…"`, `'…'` or a raw literal.
 * Escapes of single bytes (`\x80`, `\200`) above 127 are read as code points, since a text here holds no bare bytes.
 *
 * @returns nothing when the literal is not valid, also for a `'…'` that does not hold exactly one sign
 */
export function unquoteGo(literal: string): string | undefined {
  const mark = literal.slice(0, 1);
  const body = literal.slice(1, -1);
  if (mark === "`") return body.replaceAll("\r", "");
  const text = unescape(body, mark);
  if (text === undefined || mark === '"') return text;
  return signsOf(text).length === 1 ? text : undefined;
}

function unescape(body: string, mark: string): string | undefined {
  let text = "";
  let at = 0;
  while (at < body.length) {
    const slash = body.indexOf("\\", at);
    if (slash < 0) return text + body.slice(at);
    text += body.slice(at, slash);
    const next = body.slice(slash + 1, slash + 2);
    const simple = next === mark ? mark : SIMPLE_ESCAPES.get(next);
    if (simple !== undefined) {
      text += simple;
      at = slash + 2;
      continue;
    }
    const numeric = numericEscape(body.slice(slash + 1, slash + 10));
    if (numeric === undefined) return undefined;
    text += numeric.sign;
    at = slash + 1 + numeric.length;
  }
  return text;
}

function numericEscape(text: string): { readonly sign: string; readonly length: number } | undefined {
  const match = NUMERIC_ESCAPE.exec(text);
  if (match === null) return undefined;
  const octal = match[4];
  const digits = match[1] ?? match[2] ?? match[3];
  const code = octal === undefined ? Number.parseInt(digits ?? "", 16) : Number.parseInt(octal, 8);
  const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) && (octal === undefined || code <= 0xff);
  return valid ? { sign: String.fromCodePoint(code), length: match[0].length } : undefined;
}
