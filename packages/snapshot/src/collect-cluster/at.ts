import { isTreeMap, listAt, valueAt, type Tree, type TreeMap } from "@slipway/base";

/** The maps of the list at a path; what is no map is left out. */
export function mapsAt(value: Tree | undefined, ...path: readonly string[]): readonly TreeMap[] {
  return listAt(value, ...path).filter(isTreeMap);
}

/** The texts of the map at a path, by key; what is no text is left out. */
export function textsAt(value: Tree | undefined, ...path: readonly string[]): ReadonlyMap<string, string> {
  const found = valueAt(value, ...path);
  if (!isTreeMap(found)) return new Map();
  return new Map(Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
