import { equals, isLess, isTrue } from "./compare.ts";
import { escapeHtml, escapeQuery, escapeScript } from "./escape.ts";
import { FunctionError } from "./function-error.ts";
import {
  anything,
  binary,
  functionMap,
  leading,
  text,
  unary,
  variadic,
  type FunctionMap,
  type Runtime,
  type TemplateFunction,
} from "./functions.ts";
import { printAll, printLine } from "./print.ts";
import { formatGo } from "./printf.ts";
import { byteLength, byteSlice, bytesOf } from "./utf8.ts";
import { intOf, isList, isMap, typeOf, type Value } from "./value.ts";

function indexIn(index: Value, length: number): number {
  const position = intOf(index);
  if (position === undefined) throw new FunctionError(`cannot index with a value of type ${typeOf(index)}`);
  if (position < 0 || position > length) throw new FunctionError(`index out of range: ${position}`);
  return Number(position);
}

function indexOne(item: Value, index: Value): Value {
  if (isMap(item)) {
    if (typeof index !== "string") throw new FunctionError(`the key of a map must be a text, and is ${typeOf(index)}`);
    return item.get(index) ?? null;
  }
  if (!isList(item) && typeof item !== "string") {
    throw new FunctionError(item === null ? "cannot index nil" : `cannot index a value of type ${typeOf(item)}`);
  }
  const items = typeof item === "string" ? bytesOf(item) : item;
  const found = items[indexIn(index, items.length)];
  if (found === undefined) throw new FunctionError(`index out of range: ${items.length}`);
  return found;
}

/** Go's `slice`: `list[start:end]`, or a part of a text counted in bytes. */
function slice(item: Value, indexes: readonly Value[]): Value {
  if (typeof item !== "string" && !isList(item)) {
    throw new FunctionError(item === null ? "cannot slice nil" : `cannot slice a value of type ${typeOf(item)}`);
  }
  const isText = typeof item === "string";
  const allowed = isText ? 2 : 3;
  if (indexes.length > allowed)
    throw new FunctionError(`at most ${allowed} indexes are allowed, got ${indexes.length}`);
  const [start, end] = rangeOf(indexes, isText ? byteLength(item) : item.length);
  return isText ? byteSlice(item, start, end) : item.slice(start, end);
}

function rangeOf(indexes: readonly Value[], length: number): readonly [number, number] {
  const [start = 0, end = length, most = end] = indexes.map((index) => indexIn(index, length));
  if (start > end || end > most) throw new FunctionError(`the range ${start} to ${end} is not in order`);
  return [start, end];
}

function lengthOf(value: Value): number {
  if (typeof value === "string") return byteLength(value);
  if (isList(value)) return value.length;
  if (isMap(value)) return value.size;
  throw new FunctionError(value === null ? "nil has no length" : `a value of type ${typeOf(value)} has no length`);
}

function isEqualToAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new FunctionError("expected at least two values to compare");
  return others.some((other) => equals(first, other));
}

function isLessOrEqual(left: Value, right: Value): boolean {
  return isLess(left, right) || equals(left, right);
}

/** `and` and `or`: the engine stops at the argument that decides, so the last one it gives is the answer. */
function deciding(stopsAt: boolean): TemplateFunction {
  return {
    least: 1,
    most: Infinity,
    stopsAt,
    call: (values) => values.at(-1) ?? null,
  };
}

/** The text of some values for an escaping function; nil is what an action prints for it. */
function escaping(escape: (text: string) => string): TemplateFunction {
  return variadic(0, anything, (values, runtime: Runtime) =>
    escape(
      printAll(
        values.map((value) => value ?? "<no value>"),
        runtime.charge,
      ),
    ),
  );
}

/** The functions that Go's text/template itself has. */
export const builtinFunctions: FunctionMap = functionMap({
  and: deciding(false),
  or: deciding(true),
  not: unary(anything, (value) => !isTrue(value)),
  len: unary(anything, lengthOf),
  index: leading(anything, anything, (item, indexes) => {
    if (item === null) throw new FunctionError("cannot index nil");
    return indexes.reduce(indexOne, item);
  }),
  slice: leading(anything, anything, slice),
  print: variadic(0, anything, (values, { charge }) => printAll(values, charge)),
  println: variadic(0, anything, (values, { charge }) => printLine(values, charge)),
  printf: leading(text, anything, formatGo),
  html: escaping(escapeHtml),
  js: escaping(escapeScript),
  urlquery: escaping(escapeQuery),
  call: leading(anything, anything, (value) => {
    throw new FunctionError(
      value === null ? "nil cannot be called" : `a value of type ${typeOf(value)} is no function`,
    );
  }),
  eq: leading(anything, anything, isEqualToAny),
  ne: binary(anything, anything, (left, right) => !equals(left, right)),
  lt: binary(anything, anything, isLess),
  le: binary(anything, anything, isLessOrEqual),
  gt: binary(anything, anything, (left, right) => !isLessOrEqual(left, right)),
  ge: binary(anything, anything, (left, right) => !isLess(left, right)),
});
