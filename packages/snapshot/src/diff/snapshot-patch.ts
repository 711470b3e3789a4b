import { equalTrees, isTreeList, isTreeMap, type Tree, type TreeMap } from "@slipway/base";
import { createPatch, type Operation } from "rfc6902";
import { withIgnored } from "./keep-ignored.ts";
import type { Ignored } from "./ignored.ts";
import { namedItems, nameOfItem } from "./named-items.ts";

/**
 * The JSON Patch (RFC 6902) that turns one Snapshot document into another. Measurements and subtypes are matched by name,
 * so that one that came or went does not make the rest look changed. It is for the documents as they are: order and
 * fields that Slipway does not know count too.
 *
 * @param ignored what stays as it is in the left document
 * @returns operations `add`, `remove`, `replace` and `move`, in the order in which they are to be applied
 */
export function snapshotPatch(left: Tree, right: Tree, ignored?: Ignored): readonly TreeMap[] {
  const target = ignored === undefined ? right : withIgnored(left, right, ignored);
  return patchOf(left, target, "").map((operation): TreeMap => ({ ...operation }));
}

function patchOf(left: Tree, right: Tree, prefix: string): readonly Operation[] {
  const operations = createPatch(left, right, (input: Tree, output: Tree, pointer): Operation[] | undefined => {
    if (!isTreeList(input) || !isTreeList(output)) return undefined;
    const path = pointer.toString();
    const name = nameOfItem(path.split("/").at(-1) ?? "");
    if (name !== undefined && input.every(isTreeMap) && output.every(isTreeMap)) {
      return [...listPatch(input, output, name, path)];
    }
    return equalTrees(input, output) ? [] : [{ op: "replace", path, value: output }];
  });
  return prefix === "" ? operations : operations.map((operation) => prefixed(operation, prefix));
}

function prefixed(operation: Operation, prefix: string): Operation {
  const path = prefix + operation.path;
  return "from" in operation ? { ...operation, path, from: prefix + operation.from } : { ...operation, path };
}

/** First the items are brought to their places, then each is changed where it stands. */
function listPatch(
  left: readonly TreeMap[],
  right: readonly TreeMap[],
  key: "type" | "subtype",
  path: string,
): readonly Operation[] {
  const [before, after] = [namedItems(left, key), namedItems(right, key)];
  const operations: Operation[] = [];
  const names = [...before.keys()];
  for (let index = names.length - 1; index >= 0; index--) {
    if (after.has(names[index] ?? "")) continue;
    names.splice(index, 1);
    operations.push({ op: "remove", path: `${path}/${index}` });
  }
  for (const [index, [name, value]] of [...after].entries()) {
    if (names[index] === name) continue;
    const from = names.indexOf(name, index);
    if (from >= 0) names.splice(from, 1);
    names.splice(index, 0, name);
    operations.push(
      from < 0
        ? { op: "add", path: `${path}/${index}`, value }
        : { op: "move", from: `${path}/${from}`, path: `${path}/${index}` },
    );
  }
  for (const [index, [name, value]] of [...after].entries()) {
    const old = before.get(name);
    if (old !== undefined) operations.push(...patchOf(old, value, `${path}/${index}`));
  }
  return operations;
}
