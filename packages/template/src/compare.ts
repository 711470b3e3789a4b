import { FunctionError } from "./function-error.ts";
import { compareBytes } from "@slipway/base";
import { floatOf, intOf, isList, isMap, kindOf, typeOf, type Value } from "./value.ts";

/** Go's truth: false, 0, nil, and empty texts, lists and maps are false. */
export function isTrue(value: Value): boolean {
  if (value === null || value === false || value === "") return false;
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  const number = floatOf(value) ?? intOf(value);
  return number === undefined || (number !== 0 && number !== 0n);
}

/**
 * Go's `eq` of two values.
 *
 * @throws FunctionError for values of different types, and for lists and maps unless one side is nil
 */
export function equals(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  const [kind, other] = [kindOf(left), kindOf(right)];
  if (kind !== other) throw new FunctionError(`cannot compare ${typeOf(left)} with ${typeOf(right)}`);
  if (kind === "slice" || kind === "map") throw new FunctionError(`cannot compare values of type ${typeOf(left)}`);
  if (kind === "float64") return floatOf(left) === floatOf(right);
  return left === right;
}

/**
 * Go's `lt` of two values.
 *
 * @throws FunctionError unless both are int, both float64 or both text
 */
export function isLess(left: Value, right: Value): boolean {
  const [kind, other] = [kindOf(left), kindOf(right)];
  if (kind !== other) throw new FunctionError(`cannot compare ${typeOf(left)} with ${typeOf(right)}`);
  if (typeof left === "string" && typeof right === "string") return compareBytes(left, right) < 0;
  const [one, two] = [floatOf(left) ?? intOf(left), floatOf(right) ?? intOf(right)];
  if (one === undefined || two === undefined) {
    throw new FunctionError(`values of type ${typeOf(left)} have no order`);
  }
  return one < two;
}

/**
 * Whether two values are the same all the way down; an int never equals a float64.
 *
 * @param visit is called for each pair, so that the caller can stop a comparison that costs too much
 */
export function deepEquals(left: Value, right: Value, visit: () => void): boolean {
  visit();
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => deepEquals(item, right[index] ?? null, visit));
  }
  if (isMap(left) && isMap(right)) {
    if (left.size !== right.size) return false;
    return [...left].every(([key, item]) => {
      const other = right.get(key);
      return other !== undefined && deepEquals(item, other, visit);
    });
  }
  return kindOf(left) === kindOf(right) && !isList(left) && !isMap(left) && equals(left, right);
}
