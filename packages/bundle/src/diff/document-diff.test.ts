import { cloneTree, type Tree, type TreeMap } from "@slipway/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diffDocuments } from "./document-diff.ts";

test.each<[string, Tree | undefined, Tree | undefined, ReturnType<typeof diffDocuments>]>([
  ["keys in another order", { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }, []],
  ["a text for a number", { a: 1.1 }, { a: "1.10" }, [{ change: "changed", path: ["a"], from: 1.1, to: "1.10" }]],
  ["a null is a value", { a: null }, {}, [{ change: "removed", path: ["a"], from: null }]],
  ["not a number is itself", { a: Number.NaN }, { a: Number.NaN }, []],
  ["a document that was not there", undefined, { a: 1 }, [{ change: "added", path: [], to: { a: 1 } }]],
  ["a document that is gone", 1, undefined, [{ change: "removed", path: [], from: 1 }]],
  ["a map for a list", { a: [] }, { a: {} }, [{ change: "changed", path: ["a"], from: [], to: {} }]],
  [
    "names of the prototype",
    {},
    { toString: 1, valueOf: 2 },
    [
      { change: "added", path: ["toString"], to: 1 },
      { change: "added", path: ["valueOf"], to: 2 },
    ],
  ],
  [
    "a list of one length",
    { a: [1, { b: 1 }] },
    { a: [1, { b: 2 }] },
    [{ change: "changed", path: ["a", 1, "b"], from: 1, to: 2 }],
  ],
  ["a list of another length", { a: [1, 2] }, { a: [2] }, [{ change: "changed", path: ["a"], from: [1, 2], to: [2] }]],
  [
    "named items wherever they stand",
    { env: [{ name: "A", value: 1 }, { name: "B" }] },
    { env: [{ name: "C" }, { name: "A", value: 2 }] },
    [
      { change: "changed", path: ["env", "A", "value"], from: 1, to: 2 },
      { change: "removed", path: ["env", "B"], from: { name: "B" } },
      { change: "added", path: ["env", "C"], to: { name: "C" } },
    ],
  ],
  [
    "named items in another order",
    [{ name: "A" }, { name: "B" }],
    [{ name: "B" }, { name: "A" }],
    [{ change: "changed", path: [], from: ["A", "B"], to: ["B", "A"] }],
  ],
  [
    "items of which two have one name go by position",
    [
      { name: "A", x: 1 },
      { name: "A", x: 2 },
    ],
    [
      { name: "A", x: 1 },
      { name: "A", x: 3 },
    ],
    [{ change: "changed", path: [1, "x"], from: 2, to: 3 }],
  ],
])("%s", (_name, left, right, changes) => {
  expect(diffDocuments(left, right)).toEqual(changes);
});

const value = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Tree>(null, true, 0, 1, "", "a"),
    fc.dictionary(fc.constantFrom("a", "b", "name", "", "toString"), tie("tree"), { noNullPrototype: true }),
    fc.array(tie("tree"), { maxLength: 4 }),
  ),
})).tree;

test("a document does not differ from its copy; the way back has as many changes, turned around", () => {
  fc.assert(
    fc.property(value, (document) => {
      expect(diffDocuments(document, cloneTree(document))).toEqual([]);
    }),
  );
  const turned = { added: "removed", removed: "added", changed: "changed" } as const;
  fc.assert(
    fc.property(value, value, (left, right) => {
      const forth = diffDocuments(left, right).map(({ change, path, from, to }) => ({
        change: turned[change],
        path,
        from: to,
        to: from,
      }));
      const back = diffDocuments(right, left);
      const sorted = (changes: readonly object[]): readonly string[] =>
        changes.map((each) => JSON.stringify(each)).sort();
      expect(sorted(back.map(({ change, path, from, to }) => ({ change, path, from, to })))).toEqual(sorted(forth));
    }),
  );
});

test("maps without lists can be put together again from their changes", () => {
  const map = fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.dictionary(fc.constantFrom("x", "y"), fc.integer(), { noNullPrototype: true }),
    {
      noNullPrototype: true,
    },
  );
  fc.assert(
    fc.property(map, map, (left, right) => {
      const result = structuredClone<Record<string, Record<string, Tree>>>(left);
      for (const { path, to } of diffDocuments(left, right)) {
        const [outer = "", inner] = path.map(String);
        const target = inner === undefined ? result : (result[outer] ?? {});
        const key = inner ?? outer;
        if (to === undefined) Reflect.deleteProperty(target, key);
        else Reflect.set(target, key, to);
      }
      const expected: TreeMap = right;
      expect(result).toEqual(expected);
    }),
  );
});
