import { isTreeList, isTreeMap, own, type Tree, type TreeMap } from "@slipway/base";

/** What stands at a path of map keys; nothing where a step is missing or is no map. */
export function at(value: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  return path.reduce<Tree | undefined>((found, key) => (isTreeMap(found) ? own(found, key) : undefined), value);
}

/** The text at a path; empty when there is none. */
export function textAt(value: Tree | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The maps of the list at a path; what is no map is left out. */
export function mapsAt(value: Tree | undefined, ...path: readonly string[]): readonly TreeMap[] {
  const found = at(value, ...path);
  return isTreeList(found) ? found.filter(isTreeMap) : [];
}

/** The texts of the map at a path, by key; what is no text is left out. */
export function textsAt(value: Tree | undefined, ...path: readonly string[]): ReadonlyMap<string, string> {
  const found = at(value, ...path);
  if (!isTreeMap(found)) return new Map();
  return new Map(Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
