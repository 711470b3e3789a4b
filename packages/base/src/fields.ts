import { isTreeList, isTreeMap, own, type Tree, type TreeList, type TreeMap } from "./tree.ts";

/** The value below a map, by keys; nothing where a step leads nowhere: what comes from outside may have any shape. */
export function valueAt(value: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  let found: Tree | undefined = value;
  for (const key of keys) found = isTreeMap(found) ? own(found, key) : undefined;
  return found;
}

/** As {@link valueAt}; empty unless it is text. */
export function textAt(value: Tree | undefined, ...keys: readonly string[]): string {
  const found = valueAt(value, ...keys);
  return typeof found === "string" ? found : "";
}

/** As {@link valueAt}; nothing unless it is a number. */
export function numberAt(value: Tree | undefined, ...keys: readonly string[]): number | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === "number" ? found : undefined;
}

/** As {@link valueAt}; empty unless it is a list. */
export function listAt(value: Tree | undefined, ...keys: readonly string[]): TreeList {
  const found = valueAt(value, ...keys);
  return isTreeList(found) ? found : [];
}

/** As {@link valueAt}; empty unless it is a map. */
export function mapAt(value: Tree | undefined, ...keys: readonly string[]): TreeMap {
  const found = valueAt(value, ...keys);
  return isTreeMap(found) ? found : {};
}

/** The texts of a list; what is no text is left out. */
export function textsAt(value: Tree | undefined, ...keys: readonly string[]): readonly string[] {
  return listAt(value, ...keys).filter((item) => typeof item === "string");
}
