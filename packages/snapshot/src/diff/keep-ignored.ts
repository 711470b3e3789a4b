import { isTreeList, isTreeMap, own, withEntry, type Tree, type TreeMap } from "@slipway/base";
import type { Ignored } from "./ignored.ts";
import { nameIn, namedItems } from "./named-items.ts";

/** The right document with what is ignored as the left one has it. */
export function withIgnored(left: Tree, right: Tree, ignored: Ignored): Tree {
  if (!isTreeMap(left) || !isTreeMap(right)) return right;
  const result = keepEntries(left, right, "metadata", ignored, "metadata");
  return keepItems(left, result, "measurements", (before, after) => {
    const type = nameIn(after ?? before ?? {}, "type");
    return keepWhole(before, after, ignored, type, (one, other) =>
      keepItems(one, other, "subtypes", (old, now) => {
        const path = `${type}.${nameIn(now ?? old ?? {}, "subtype")}`;
        return keepWhole(old, now, ignored, path, (from, to) => {
          const data = keepEntries(from, to, "data", ignored, path);
          return keepEntries(from, data, "context", ignored, `${path}.context`);
        });
      }),
    );
  });
}

type Item = TreeMap | undefined;

/** An item that only one side has stays, or stays away, when it is ignored as a whole. */
function keepWhole(
  left: Item,
  right: Item,
  ignored: Ignored,
  path: string,
  both: (left: TreeMap, right: TreeMap) => TreeMap,
): Item {
  if (left !== undefined && right !== undefined) return both(left, right);
  return ignored.matches(path) ? left : right;
}

function keepItems(
  left: TreeMap,
  right: TreeMap,
  field: "measurements" | "subtypes",
  keep: (left: Item, right: Item) => Item,
): TreeMap {
  const key = field === "measurements" ? "type" : "subtype";
  const [before, after] = [mapsOf(left, field), mapsOf(right, field)];
  if (before === undefined || after === undefined) return right;
  const [old, now] = [namedItems(before, key), namedItems(after, key)];
  const names = new Set([...now.keys(), ...old.keys()]);
  if (names.size === 0) return right;
  return withEntry(
    right,
    field,
    [...names].flatMap((name) => keep(old.get(name), now.get(name)) ?? []),
  );
}

function mapsOf(map: TreeMap, field: string): readonly TreeMap[] | undefined {
  const list = own(map, field) ?? [];
  return isTreeList(list) && list.every(isTreeMap) ? list : undefined;
}

function keepEntries(left: TreeMap, right: TreeMap, field: string, ignored: Ignored, path: string): TreeMap {
  const [before, after] = [own(left, field) ?? {}, own(right, field) ?? {}];
  if (!isTreeMap(before) || !isTreeMap(after)) return right;
  const entries = [
    ...Object.entries(after).filter(([key]) => !ignored.matches(`${path}.${key}`)),
    ...Object.entries(before).filter(([key]) => ignored.matches(`${path}.${key}`)),
  ];
  if (entries.length === 0 && own(right, field) === undefined) return right;
  return withEntry(right, field, Object.fromEntries(entries));
}
