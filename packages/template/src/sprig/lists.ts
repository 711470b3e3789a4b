import { compareBytes } from "@slipway/base";
import { deepEquals, isTrue } from "../compare.ts";
import { FunctionError } from "../function-error.ts";
import { anything, binary, functionMap, integer, leading, list, unary, variadic } from "../functions.ts";
import type { FunctionMap, Runtime } from "../functions.ts";
import { isList, type GoList, type Value } from "../value.ts";
import { textOfValue, textsOf } from "./strings.ts";
import { toInteger } from "./numbers.ts";

function has(items: GoList, wanted: Value, runtime: Runtime): boolean {
  return items.some((item) => deepEquals(item, wanted, () => runtime.charge(1)));
}

function unique(items: GoList, runtime: Runtime): GoList {
  const kept: Value[] = [];
  for (const item of items) if (!has(kept, item, runtime)) kept.push(item);
  return kept;
}

/** Sprig's `slice`: `list[start:end]`; nil for an empty list. */
function slice(items: GoList, limits: readonly Value[]): Value {
  if (items.length === 0) return null;
  const start = Number(toInteger(limits[0] ?? 0));
  const end = limits[1] === undefined ? items.length : Number(toInteger(limits[1]));
  if (start < 0 || start > end || end > items.length) {
    throw new FunctionError(`the range ${start} to ${end} is not within a list of ${items.length}`);
  }
  return items.slice(start, end);
}

function chunk(size: number, items: GoList): GoList {
  const length = Math.max(size, 1);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  );
}

const parts: FunctionMap = functionMap({
  first: unary(list, (items) => items[0] ?? null),
  rest: unary(list, (items) => items.slice(1)),
  last: unary(list, (items) => items.at(-1) ?? null),
  initial: unary(list, (items) => items.slice(0, -1)),
  slice: leading(list, anything, slice),
  chunk: binary(integer, list, chunk),
  compact: unary(list, (items) => items.filter(isTrue)),
  uniq: unary(list, unique),
  without: leading(list, anything, (items, dropped, runtime) => items.filter((item) => !has(dropped, item, runtime))),
  has: binary(anything, anything, (wanted, items, runtime) => {
    if (items === null) return false;
    return has(list.accept(items, 2), wanted, runtime);
  }),
});

const building: FunctionMap = functionMap({
  list: variadic(0, anything, (values) => values),
  tuple: variadic(0, anything, (values) => values),
  append: binary(list, anything, (items, item) => [...items, item]),
  push: binary(list, anything, (items, item) => [...items, item]),
  prepend: binary(list, anything, (items, item) => [item, ...items]),
  concat: variadic(0, list, (lists) => lists.flat()),
  reverse: unary(list, (items) => items.toReversed()),
  sortAlpha: unary(anything, (value, runtime) =>
    isList(value) ? textsOf(value, runtime).toSorted(compareBytes) : [textOfValue(value, runtime)],
  ),
});

/** The `must` forms of sprig fail where the plain ones do, so they are the same functions. */
const MUST = [
  "first",
  "rest",
  "last",
  "initial",
  "slice",
  "chunk",
  "compact",
  "uniq",
  "without",
  "has",
  "append",
  "push",
  "prepend",
  "reverse",
];

function withMust(functions: FunctionMap): FunctionMap {
  const doubled = [...functions].filter(([name]) => MUST.includes(name));
  return new Map([
    ...functions,
    ...doubled.map(([name, called]) => [`must${name.slice(0, 1).toUpperCase()}${name.slice(1)}`, called] as const),
  ]);
}

/** Sprig's functions of lists. */
export const listFunctions: FunctionMap = withMust(new Map([...parts, ...building]));
