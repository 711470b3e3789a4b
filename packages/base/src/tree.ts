/** A scalar of a YAML or JSON document. Integers beyond 2^53 are bigint, so that no digit is lost. */
export type Scalar = string | number | bigint | boolean | null;

/** Any value of a YAML or JSON document. */
export type Tree = Scalar | TreeList | TreeMap;

/** A list of a document. */
export type TreeList = readonly Tree[];

/** A map of a document. Read it with {@link own}: names such as `toString` must not reach the prototype. */
export interface TreeMap {
  readonly [key: string]: Tree;
}

/** Whether a value is a map: neither a scalar nor a list. */
export function isTreeMap(value: Tree | undefined): value is TreeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isTreeList(value: Tree | undefined): value is TreeList {
  return Array.isArray(value);
}

/** The value that a map itself holds under a key; never one of the prototype. */
export function own(map: TreeMap, key: string): Tree | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Keys that no document may use: as members of a JavaScript object they would reach its prototype. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a key must be refused in any map that comes from outside. */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

/** A copy of a map with one entry set; keys keep their order, a new one comes last. */
export function withEntry(map: TreeMap, key: string, value: Tree): TreeMap {
  return { ...map, [key]: value };
}

/** A copy that shares no map or list with the original. */
export function cloneTree(value: Tree): Tree {
  if (isTreeList(value)) return value.map(cloneTree);
  if (isTreeMap(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, cloneTree(child)]));
  return value;
}

/** Whether two documents hold the same values; the order of map keys does not count, and NaN is the same as NaN. */
export function equalTrees(left: Tree | undefined, right: Tree | undefined): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  if (isTreeList(left) && isTreeList(right)) {
    return left.length === right.length && left.every((item, index) => equalTrees(item, right[index]));
  }
  if (!isTreeMap(left) || !isTreeMap(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => equalTrees(own(left, key), own(right, key)));
}
