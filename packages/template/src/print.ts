import { FunctionError } from "./function-error.ts";
import type { Runtime } from "./functions.ts";
import { formatFloat } from "./number-format.ts";
import {
  GoFloat,
  MAX_VALUE_DEPTH,
  isList,
  isMap,
  kindOf,
  sortedKeys,
  type GoMap,
  type GoScalar,
  type Value,
} from "./value.ts";

/** How a list or map is put together, and what its scalars look like. */
export interface Printer {
  readonly scalar: (value: GoScalar) => string;
  readonly charge: Runtime["charge"];
}

/**
 * A value in the way of Go's `%v`: `map[a:1 b:[1 2]]`, `<nil>`, floats in their shortest form.
 *
 * @param charge counts the work, so that small values that print huge can be stopped
 */
export function printValue(value: Value, charge: Runtime["charge"]): string {
  return printWith(value, { scalar: plainScalar, charge }, 0);
}

/** The same with another form for the scalars; keys of maps are scalars too. */
export function printWith(value: Value, printer: Printer, depth: number): string {
  printer.charge(1);
  if (depth > MAX_VALUE_DEPTH) throw new FunctionError(`a value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value === null) return "<nil>";
  if (isList(value)) return `[${value.map((item) => printWith(item, printer, depth + 1)).join(" ")}]`;
  if (isMap(value)) return `map[${entries(value, printer, depth).join(" ")}]`;
  const text = printer.scalar(value);
  printer.charge(text.length / 64);
  return text;
}

function entries(map: GoMap, printer: Printer, depth: number): string[] {
  return sortedKeys(map).map((key) => `${printer.scalar(key)}:${printWith(map.get(key) ?? null, printer, depth + 1)}`);
}

function plainScalar(value: GoScalar): string {
  if (value instanceof GoFloat) return formatFloat(value.value, "g");
  return typeof value === "number" && !Number.isSafeInteger(value) ? formatFloat(value, "g") : String(value);
}

/** Go's `print`: a blank only between two values of which neither is a text. */
export function printAll(values: readonly Value[], charge: Runtime["charge"]): string {
  let printed = "";
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    if (before !== undefined && kindOf(before) !== "string" && kindOf(value) !== "string") printed += " ";
    printed += printValue(value, charge);
  }
  return printed;
}

/** Go's `println`: a blank between all values, and a newline at the end. */
export function printLine(values: readonly Value[], charge: Runtime["charge"]): string {
  return `${values.map((value) => printValue(value, charge)).join(" ")}\n`;
}
