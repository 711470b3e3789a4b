import { unquoteGo } from "./quote.ts";
import { goFloat, goInt, type Value } from "./value.ts";

const LARGEST_INT = 2n ** 63n - 1n;
const SMALLEST_INT = -(2n ** 63n);
const INTEGER = /^([+-]?)(0[xX]_?[\da-fA-F_]+|0[oO]_?[0-7_]+|0[bB]_?[01_]+|0_?[0-7_]+|0|[1-9][\d_]*)$/;
const DECIMAL = /^[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([\da-fA-F_]*)(?:\.([\da-fA-F_]*))?[pP]([+-]?\d+)$/;
const WHOLE_FLOAT = /[.eEpP]/;

/** The value of a number literal, or why it has none. */
export type NumberLiteral = { readonly value: Value } | { readonly problem: string };

/**
 * The value of a Go number literal where no type is asked for: an `int`, unless the text has a point or an exponent.
 * Knows decimal, hexadecimal, octal and binary numbers with `_` between digits, floats, and hexadecimal floats.
 */
export function numberLiteral(text: string): NumberLiteral {
  const integer = INTEGER.exec(text);
  if (integer !== null && wellSeparated(text)) return integerLiteral(text, integer[1] === "-", integer[2] ?? "0");
  const hex = HEX_FLOAT.exec(text);
  if (hex !== null) return { value: goFloat(hexFloat(hex)) };
  if (DECIMAL.test(text) && WHOLE_FLOAT.test(text) && wellSeparated(text)) {
    const value = Number(text.replaceAll("_", ""));
    return Number.isFinite(value) ? { value: goFloat(value) } : { problem: `${text} does not fit a float64` };
  }
  return { problem: `"${text}" is not a number` };
}

function wellSeparated(text: string): boolean {
  return !/__|_$|_[.eE]|[.eE]_/.test(text) && (!text.includes("_") || /^[+-]?0|^[+-]?[1-9]/.test(text));
}

function integerLiteral(text: string, negative: boolean, digits: string): NumberLiteral {
  const plain = digits.replaceAll("_", "");
  const octal = /^0[0-7]+$/.test(plain);
  const size = BigInt(octal ? `0o${plain.slice(1)}` : plain.toLowerCase());
  const value = negative ? -size : size;
  if (value > LARGEST_INT || value < SMALLEST_INT) return { problem: `${text} does not fit an int of 64 bits` };
  return { value: goInt(value) };
}

function hexFloat(match: RegExpExecArray): number {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replaceAll("_", "");
  const size = Number.parseInt(digits === "" ? "0" : digits, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -size : size;
}

/** The code point of a character literal, as an `int`; nothing when it does not hold exactly one sign. */
export function charLiteral(text: string): number | undefined {
  return unquoteGo(text)?.codePointAt(0);
}
