import { FunctionError } from "../function-error.ts";
import { numberLiteral } from "../literals.ts";
import { floatOf, goInt, intOf, type Value } from "../value.ts";

/** Where Go's `int64` starts and ends. */
const LARGEST = 2n ** 63n - 1n;

/**
 * A value as an `int64`, by the rules of sprig: floats are cut, true is 1, texts are read as Go literals (`0x10`,
 * `010` is octal), and whatever is no number is 0.
 */
export function toInteger(value: Value): number | bigint {
  if (value === true) return 1;
  if (typeof value === "string") return integerText(value);
  const float = floatOf(value);
  return float === undefined ? (intOf(value) ?? 0) : cutFloat(float);
}

function cutFloat(float: number): number | bigint {
  if (!Number.isFinite(float) || Math.abs(float) >= 2 ** 63) return -LARGEST - 1n;
  const cut = Math.trunc(float);
  return Number.isSafeInteger(cut) ? cut + 0 : BigInt(cut);
}

function integerText(text: string): number | bigint {
  const literal = numberLiteral(text.replace(/\.0*$/, ""));
  return "value" in literal ? (intOf(literal.value) ?? 0) : 0;
}

const FLOAT_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A value as a `float64`; whatever is no number is 0. */
export function toFloat(value: Value): number {
  if (value === true) return 1;
  if (typeof value === "string") {
    const named = /^([+-]?)(?:inf(?:inity)?)$/i.exec(value);
    if (named !== null) return named[1] === "-" ? -Infinity : Infinity;
    return FLOAT_TEXT.test(value) ? Number(value) : 0;
  }
  return floatOf(value) ?? Number(intOf(value) ?? 0);
}

/** Calculates with 64-bit integers, through bigint only where numbers would lose digits. */
export function calculate(
  left: number | bigint,
  right: number | bigint,
  operation: (one: bigint, other: bigint) => bigint,
): number | bigint {
  const result = goInt(operation(BigInt(left), BigInt(right)));
  return intOf(result) ?? 0;
}

/** Refuses a divisor of zero. */
export function divisor(value: Value): number | bigint {
  const number = toInteger(value);
  if (BigInt(number) === 0n) throw new FunctionError("cannot divide by zero");
  return number;
}
