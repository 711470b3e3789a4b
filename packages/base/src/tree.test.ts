import fc from "fast-check";
import { expect, test } from "vitest";
import { cloneTree, equalTrees, isForbiddenKey, isTreeList, isTreeMap, own, withEntry } from "./index.ts";
import { anyTree } from "./testing/index.ts";

test("a map gives only what it holds itself", () => {
  expect(own({ a: 1 }, "a")).toBe(1);
  expect(own({ a: 1 }, "toString")).toBeUndefined();
});

test("scalars, lists and maps are told apart", () => {
  expect([null, 1, "a", [], {}].map((value) => [isTreeList(value), isTreeMap(value)])).toEqual([
    [false, false],
    [false, false],
    [false, false],
    [true, false],
    [false, true],
  ]);
});

test("keys that reach a prototype are known", () => {
  expect(["__proto__", "constructor", "prototype", "proto", ""].map(isForbiddenKey)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("an entry is replaced in its place or added at the end", () => {
  expect(Object.entries(withEntry({ a: 1, b: 2 }, "a", 3))).toEqual([
    ["a", 3],
    ["b", 2],
  ]);
  expect(Object.entries(withEntry({ a: 1 }, "c", 3))).toEqual([
    ["a", 1],
    ["c", 3],
  ]);
});

test("equality looks at values, not at the order of keys", () => {
  expect(equalTrees({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
  expect(equalTrees([1, 2], [2, 1])).toBe(false);
  expect(equalTrees({ a: null }, { b: null })).toBe(false);
  expect(equalTrees({ a: [] }, { a: {} })).toBe(false);
  expect(equalTrees({ toString: 1 }, {})).toBe(false);
  expect(equalTrees([NaN], [NaN])).toBe(true);
});

test("a clone is equal and shares nothing", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const copy = cloneTree(tree);
      expect(equalTrees(tree, copy)).toBe(true);
      expect(copy === tree).toBe(typeof tree !== "object" || tree === null);
    }),
  );
});
