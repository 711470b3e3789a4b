import { compareBytes, type Tree } from "@slipway/base";
import { FunctionError } from "./function-error.ts";

/**
 * A value while a template runs. JavaScript numbers that are safe integers are Go's `int`, all other numbers are
 * `float64`; bigint is an `int` beyond 2^53.
 */
export type Value = null | GoScalar | GoMap | GoList;

/** A value without parts. */
export type GoScalar = boolean | number | bigint | string | GoFloat;

/** A map with text keys. A JavaScript Map, so that no key can reach a prototype; `set` and `unset` change it. */
export interface GoMap extends Map<string, Value> {}

/** A list; never changed in place. */
export type GoList = readonly Value[];

/** A `float64` that holds a whole number, which a bare JavaScript number would show as an `int`. */
export class GoFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Go's kinds, as far as templates can meet them. */
export type Kind = "invalid" | "bool" | "int" | "float64" | "string" | "map" | "slice";

/** How deep values may nest. */
export const MAX_VALUE_DEPTH = 200;

/** A `float64`, whole or not. */
export function goFloat(value: number): Value {
  return Number.isSafeInteger(value) ? new GoFloat(value) : value;
}

/** An `int`: wraps around at 64 bits as Go's does, and is a number wherever a number holds it exactly. */
export function goInt(value: bigint | number): Value {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  const wrapped = BigInt.asIntN(64, BigInt(value));
  return Number.isSafeInteger(Number(wrapped)) ? Number(wrapped) : wrapped;
}

/** Whether a value is a list. */
export function isList(value: Value): value is GoList {
  return Array.isArray(value);
}

/** Whether a value is a map. */
export function isMap(value: Value): value is GoMap {
  return value instanceof Map;
}

/** The number in a `float64`, or nothing for any other value. */
export function floatOf(value: Value): number | undefined {
  if (value instanceof GoFloat) return value.value;
  return typeof value === "number" && !Number.isSafeInteger(value) ? value : undefined;
}

/** The integer in an `int`, or nothing for any other value. */
export function intOf(value: Value): number | bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

/** The kind of a value, as sprig's `kindOf` names it. */
export function kindOf(value: Value): Kind {
  if (value === null) return "invalid";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (isList(value)) return "slice";
  if (isMap(value)) return "map";
  return floatOf(value) === undefined ? "int" : "float64";
}

/** The Go type of a value, as `printf "%T"` shows it. Lists are `[]interface {}` whoever made them. */
export function typeOf(value: Value): string {
  const kind = kindOf(value);
  if (kind === "invalid") return "<nil>";
  if (kind === "map") return "map[string]interface {}";
  return kind === "slice" ? "[]interface {}" : kind;
}

/** The keys of a map in the order in which Go prints and walks maps. */
export function sortedKeys(map: GoMap): string[] {
  return [...map.keys()].sort(compareBytes);
}

/**
 * Takes data from outside: scalars, arrays, and plain objects or Maps with text keys; only own properties are seen.
 * The result shares nothing with the data, so a template cannot change its caller's objects. An object that is
 * reached twice is converted once.
 *
 * @throws FunctionError for functions, symbols, class instances, and nesting beyond 200 levels
 */
export function fromData(data: unknown): Value {
  return convert(data, new Map(), 0);
}

function convert(data: unknown, seen: Map<object, Value>, depth: number): Value {
  if (data === null || data === undefined) return null;
  if (data instanceof GoFloat) return data;
  if (typeof data !== "object") return convertScalar(data);
  if (depth >= MAX_VALUE_DEPTH) throw new FunctionError(`the data nests deeper than ${MAX_VALUE_DEPTH} levels`);
  const known = seen.get(data);
  if (known !== undefined) return known;
  const value = Array.isArray(data)
    ? data.map((item: unknown) => convert(item, seen, depth + 1))
    : new Map(entriesOf(data).map(([key, item]) => [key, convert(item, seen, depth + 1)]));
  seen.set(data, value);
  return value;
}

function convertScalar(data: unknown): Value {
  if (typeof data === "boolean" || typeof data === "string" || typeof data === "number") return data;
  if (typeof data === "bigint") return Number.isSafeInteger(Number(data)) ? Number(data) : data;
  throw new FunctionError(`a ${typeof data} cannot be used as template data`);
}

function entriesOf(data: object): [string, unknown][] {
  if (data instanceof Map) return [...data].map(([key, item]: [unknown, unknown]) => [String(key), item]);
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new FunctionError(`a ${data.constructor.name} cannot be used as template data`);
  }
  return Object.entries(data);
}

/**
 * A value as a document that base can write. Whole floats become plain numbers.
 *
 * @param visit is called for each value, so that the caller can stop a value that is cheap to build but huge to write
 */
export function toTree(value: Value, visit: () => void, depth = 0): Tree {
  visit();
  if (depth > MAX_VALUE_DEPTH) throw new FunctionError(`a value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  if (isList(value)) return value.map((item) => toTree(item, visit, depth + 1));
  if (isMap(value)) {
    return Object.fromEntries(sortedKeys(value).map((key) => [key, toTree(value.get(key) ?? null, visit, depth + 1)]));
  }
  return value instanceof GoFloat ? value.value : value;
}
