import { isTreeMap, own, type Tree, type TreeMap } from "./tree.ts";

/**
 * Lays one document over another as aicr does with values: maps merge by key at every depth, anything else is replaced
 * as a whole (lists, a map by a scalar, a scalar by a map); a null replaces and is kept.
 *
 * @returns a new document; neither argument is changed, and parts may be shared with both
 */
export function mergeTrees(under: TreeMap, over: TreeMap): TreeMap {
  const merged: Record<string, Tree> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const present = own(under, key);
    merged[key] = isTreeMap(present) && isTreeMap(value) ? mergeTrees(present, value) : value;
  }
  return merged;
}
