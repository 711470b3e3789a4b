import { isTrue } from "../compare.ts";
import { FunctionError } from "../function-error.ts";
import { anything, binary, functionMap, leading, map, ternary, text, unary, variadic } from "../functions.ts";
import type { FunctionMap, Runtime } from "../functions.ts";
import { MAX_VALUE_DEPTH, isList, isMap, sortedKeys, typeOf, type GoMap, type Value } from "../value.ts";
import { textOfValue } from "./strings.ts";

function dict(pairs: readonly Value[], runtime: Runtime): GoMap {
  const made = new Map<string, Value>();
  for (let at = 0; at < pairs.length; at += 2)
    made.set(textOfValue(pairs[at] ?? null, runtime), pairs[at + 1] ?? (at + 1 < pairs.length ? null : ""));
  return made;
}

/** Takes over what the target lacks; maps that both have are merged too. Empty values count as lacking, nil is not taken over. */
function mergeInto(target: GoMap, source: GoMap, overwrites: boolean, runtime: Runtime, depth = 0): void {
  if (depth > MAX_VALUE_DEPTH) throw new FunctionError(`a value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  for (const [key, value] of source) {
    runtime.charge(1);
    const own = target.get(key);
    if (own !== undefined && isMap(own) && isMap(value)) mergeInto(own, value, overwrites, runtime, depth + 1);
    else if (overwrites || (value !== null && (own === undefined || !isTrue(own)))) target.set(key, value);
  }
}

function merge(overwrites: boolean) {
  return leading(map, map, (target, sources, runtime) => {
    for (const source of sources) mergeInto(target, source, overwrites, runtime);
    return target;
  });
}

function deepCopy(value: Value, runtime: Runtime, depth = 0): Value {
  runtime.charge(1);
  if (depth > MAX_VALUE_DEPTH) throw new FunctionError(`a value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  if (isList(value)) return value.map((item) => deepCopy(item, runtime, depth + 1));
  if (!isMap(value)) return value;
  return new Map([...value].map(([key, item]) => [key, deepCopy(item, runtime, depth + 1)]));
}

/** `dig key… fallback map`: the value at a path, or the fallback where a key is missing on the way. */
function dig(values: readonly Value[]): Value {
  const path = values.slice(0, -2).map((key, index) => text.accept(key, index + 1));
  let found: Value = map.accept(values.at(-1) ?? null, values.length);
  for (const key of path) {
    if (!isMap(found)) throw new FunctionError(`"${key}" is asked of a value of type ${typeOf(found)}`);
    const next = found.get(key);
    if (next === undefined) return values.at(-2) ?? null;
    found = next;
  }
  return found;
}

function picked(source: GoMap, keep: (key: string) => boolean): GoMap {
  return new Map([...source].filter(([key]) => keep(key)));
}

const access: FunctionMap = functionMap({
  get: binary(map, text, (source, key) => source.get(key) ?? (source.has(key) ? null : "")),
  hasKey: binary(map, text, (source, key) => source.has(key)),
  keys: variadic(0, map, (sources) => sources.flatMap(sortedKeys)),
  values: unary(map, (source) => sortedKeys(source).map((key) => source.get(key) ?? null)),
  pluck: leading(text, map, (key, sources) =>
    sources.filter((source) => source.has(key)).map((source) => source.get(key) ?? null),
  ),
  dig: { ...variadic(3, anything, dig) },
});

const building: FunctionMap = functionMap({
  dict: variadic(0, anything, dict),
  set: ternary(map, text, anything, (target, key, value) => target.set(key, value)),
  unset: binary(map, text, (target, key) => {
    target.delete(key);
    return target;
  }),
  pick: leading(map, text, (source, names) => picked(source, (key) => names.includes(key))),
  omit: leading(map, text, (source, names) => picked(source, (key) => !names.includes(key))),
  merge: merge(false),
  mustMerge: merge(false),
  mergeOverwrite: merge(true),
  mustMergeOverwrite: merge(true),
  deepCopy: unary(anything, (value, runtime) => deepCopy(value, runtime)),
  mustDeepCopy: unary(anything, (value, runtime) => deepCopy(value, runtime)),
});

/** Sprig's functions of maps. Keys come in order, where Go's order is random. */
export const dictFunctions: FunctionMap = new Map([...access, ...building]);
