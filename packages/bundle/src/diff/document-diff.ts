import {
  equalTrees,
  isTreeList,
  isTreeMap,
  own,
  type Step,
  type Tree,
  type TreeList,
  type TreeMap,
} from "@slipway/base";
import type { Change } from "./change.ts";

/**
 * What turns one document into another, by path. Maps are compared by key, whose order does not count; lists of items
 * with unique names by those names; other lists item by item when they are of one length, else as a whole.
 *
 * @param left nothing when there is no such document
 */
export function diffDocuments(left: Tree | undefined, right: Tree | undefined): readonly Change[] {
  return differences(left, right, []);
}

function differences(left: Tree | undefined, right: Tree | undefined, path: readonly Step[]): readonly Change[] {
  if (left === right || Object.is(left, right)) return [];
  if (left === undefined) return [{ change: "added", path, to: right }];
  if (right === undefined) return [{ change: "removed", path, from: left }];
  if (isTreeMap(left) && isTreeMap(right)) return mapDifferences(left, right, path);
  if (isTreeList(left) && isTreeList(right)) return listDifferences(left, right, path);
  return [{ change: "changed", path, from: left, to: right }];
}

function mapDifferences(left: TreeMap, right: TreeMap, path: readonly Step[]): readonly Change[] {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => differences(own(left, key), own(right, key), [...path, key]));
}

function listDifferences(left: TreeList, right: TreeList, path: readonly Step[]): readonly Change[] {
  const [leftNamed, rightNamed] = [namedItems(left), namedItems(right)];
  if (leftNamed !== undefined && rightNamed !== undefined) return namedDifferences(leftNamed, rightNamed, path);
  if (left.length === right.length)
    return left.flatMap((item, index) => differences(item, right[index], [...path, index]));
  return [{ change: "changed", path, from: left, to: right }];
}

/** The items by name; nothing when one has none, or two have the same. */
function namedItems(list: TreeList): ReadonlyMap<string, Tree> | undefined {
  const items = new Map<string, Tree>();
  for (const item of list) {
    const name = isTreeMap(item) ? own(item, "name") : undefined;
    if (typeof name !== "string" || items.has(name)) return undefined;
    items.set(name, item);
  }
  return items.size === 0 ? undefined : items;
}

function namedDifferences(
  left: ReadonlyMap<string, Tree>,
  right: ReadonlyMap<string, Tree>,
  path: readonly Step[],
): readonly Change[] {
  const names = new Set([...left.keys(), ...right.keys()]);
  const changes = [...names].flatMap((name) => differences(left.get(name), right.get(name), [...path, name]));
  const from = [...left.keys()].filter((name) => right.has(name));
  const to = [...right.keys()].filter((name) => left.has(name));
  return equalTrees(from, to) ? changes : [...changes, { change: "changed", path, from, to }];
}
