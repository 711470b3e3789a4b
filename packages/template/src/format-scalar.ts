import type { Directive } from "./format-directive.ts";
import { formatFloat, type FloatVerb } from "./number-format.ts";
import { quoteGo } from "./quote.ts";
import { bytesOf, signsOf } from "./utf8.ts";

const BASES: ReadonlyMap<string, number> = new Map([
  ["b", 2],
  ["d", 10],
  ["o", 8],
  ["O", 8],
  ["v", 10],
  ["x", 16],
  ["X", 16],
]);

const FLOAT_VERBS: ReadonlyMap<string, FloatVerb> = new Map([
  ["e", "e"],
  ["E", "e"],
  ["f", "f"],
  ["F", "f"],
  ["g", "g"],
  ["G", "g"],
  ["v", "g"],
  ["x", "x"],
  ["X", "x"],
  ["b", "b"],
]);

/** Fills a text up to the width of a directive, with blanks or, on the left only, with zeros. */
export function pad(text: string, directive: Directive): string {
  const missing = (directive.width ?? 0) - signsOf(text).length;
  if (missing <= 0) return text;
  if (directive.minus) return text + " ".repeat(missing);
  return (directive.zero ? "0" : " ").repeat(missing) + text;
}

/** Truth in a directive; nothing when the verb does not fit. */
export function formatBoolean(value: boolean, directive: Directive): string | undefined {
  return directive.verb === "t" || directive.verb === "v" ? pad(String(value), directive) : undefined;
}

/** A text in a directive; nothing when the verb does not fit. */
export function formatText(value: string, directive: Directive): string | undefined {
  const { verb, precision, sharp } = directive;
  const cut = precision === undefined ? value : signsOf(value).slice(0, precision).join("");
  switch (verb) {
    case "v":
      return pad(sharp ? quoteGo(cut) : cut, directive);
    case "s":
      return pad(cut, directive);
    case "q":
      return pad(sharp && !/[`\p{Cc}\ufeff]/u.test(cut) ? `\`${cut}\`` : quoteGo(cut, '"', directive.plus), directive);
    case "x":
    case "X":
      return pad(hexBytes(value, directive), directive);
    default:
      return undefined;
  }
}

function hexBytes(value: string, { verb, sharp, space, precision }: Directive): string {
  const bytes = [...bytesOf(value).subarray(0, precision)].map((byte) => byte.toString(16).padStart(2, "0"));
  const prefix = sharp && bytes.length > 0 ? "0x" : "";
  const joined = space ? bytes.map((byte) => prefix + byte).join(" ") : prefix + bytes.join("");
  return verb === "X" ? joined.toUpperCase() : joined;
}

/** An int in a directive; nothing when the verb does not fit. */
export function formatInteger(value: number | bigint, directive: Directive): string | undefined {
  const { verb, sharp, precision } = directive;
  const base = BASES.get(verb);
  if (base !== undefined) return integerIn(base, value, directive);
  const sign = signWithCode(Number(value));
  if (verb === "c") return pad(sign, directive);
  if (verb === "q") return pad(quoteGo(sign, "'", directive.plus), directive);
  if (verb !== "U") return undefined;
  const digits = BigInt.asUintN(64, BigInt(value)).toString(16).toUpperCase();
  const padded = digits.padStart(Math.max(4, precision ?? 0), "0");
  return pad(`U+${padded}${sharp ? ` '${sign}'` : ""}`, { ...directive, zero: false });
}

function signWithCode(code: number): string {
  const valid = code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : "\ufffd";
}

function integerIn(base: number, value: number | bigint, directive: Directive): string {
  const { verb, precision, width, zero, minus } = directive;
  if (precision === 0 && Number(value) === 0) return pad("", { ...directive, zero: false });
  const negative = value < 0;
  const size = (negative ? -BigInt(value) : BigInt(value)).toString(base);
  const sign = signOf(negative, directive);
  // The zero flag becomes a precision, so that zeros stand between the sign and the digits.
  const filled = zero && !minus && width !== undefined && precision === undefined;
  const digits = size.padStart(filled ? width - sign.length : (precision ?? 0), "0");
  const text = sign + prefixOf(digits, directive) + digits;
  return pad(verb === "X" ? text.toUpperCase() : text, { ...directive, zero: false });
}

function signOf(negative: boolean, { plus, space }: Directive): string {
  if (negative) return "-";
  return plus ? "+" : space ? " " : "";
}

function prefixOf(digits: string, { verb, sharp }: Directive): string {
  if (verb === "O") return "0o";
  if (!sharp) return "";
  if (verb === "b") return "0b";
  if (verb === "o") return digits.startsWith("0") ? "" : "0";
  return verb === "x" || verb === "X" ? "0x" : "";
}

/** A float64 in a directive; nothing when the verb does not fit. */
export function formatFloat64(value: number, directive: Directive): string | undefined {
  const { verb, precision } = directive;
  const form = FLOAT_VERBS.get(verb);
  if (form === undefined) return undefined;
  const fallback = form === "e" || form === "f" ? 6 : undefined;
  const plain = formatFloat(value, form, precision ?? fallback);
  const text = Number.isFinite(value) ? signedDigits(plain, directive) : signedName(plain, directive);
  return pad(/[EGX]/.test(verb) ? text.toUpperCase() : text, { ...directive, zero: false });
}

function signedDigits(plain: string, directive: Directive): string {
  const { zero, minus, width } = directive;
  const sign = signOf(plain.startsWith("-"), directive);
  const digits = plain.replace(/^[+-]/, "");
  return sign + (zero && !minus && width !== undefined ? digits.padStart(width - sign.length, "0") : digits);
}

/** Infinity always shows its sign, what is no number only when asked to. */
function signedName(plain: string, directive: Directive): string {
  if (plain === "NaN") return signOf(false, directive) + plain;
  return directive.space && !directive.plus ? plain.replace("+", " ") : plain;
}
