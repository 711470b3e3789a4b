import { deepEquals, isTrue } from "../compare.ts";
import { FunctionError } from "../function-error.ts";
import { anything, binary, boolean, functionMap, leading, ternary, text, unary, variadic } from "../functions.ts";
import type { FunctionMap } from "../functions.ts";
import { kindOf, typeOf, type Value } from "../value.ts";

/** The fallback for a value that is missing or empty. */
function fallback(other: Value, given: readonly Value[]): Value {
  const value = given[0] ?? null;
  return isTrue(value) ? value : other;
}

/** Sprig's and Helm's functions that choose, ask for types, and fail. */
export const typeFunctions: FunctionMap = functionMap({
  default: leading(anything, anything, fallback),
  empty: unary(anything, (value) => !isTrue(value)),
  coalesce: variadic(0, anything, (values) => values.find(isTrue) ?? null),
  all: variadic(0, anything, (values) => values.every(isTrue)),
  any: variadic(0, anything, (values) => values.some(isTrue)),
  ternary: ternary(anything, anything, boolean, (yes, no, choice) => (choice ? yes : no)),
  fail: unary(text, (message) => {
    throw new FunctionError(message);
  }),
  required: binary(text, anything, (message, value) => {
    if (value === null || value === "") throw new FunctionError(message);
    return value;
  }),
  kindOf: unary(anything, kindOf),
  kindIs: binary(text, anything, (kind, value) => kind === kindOf(value)),
  typeOf: unary(anything, typeOf),
  typeIs: binary(text, anything, (type, value) => type === typeOf(value)),
  typeIsLike: binary(text, anything, (type, value) => type === typeOf(value) || type === `*${typeOf(value)}`),
  deepEqual: binary(anything, anything, (left, right, runtime) => deepEquals(left, right, () => runtime.charge(1))),
  include: binary(text, anything, (name, data, runtime) => runtime.include(name, data)),
  tpl: binary(text, anything, (source, data, runtime) => runtime.renderText(source, data)),
});
