import { cloneTree, equalTrees, parseJson, writeJson, type Tree } from "@slipway/base";
import fc from "fast-check";
import { applyPatch, type Operation } from "rfc6902";
import { expect, test } from "vitest";
import { documentPatch } from "./json-patch.ts";

/** Keys that a JSON Pointer must escape, that look like indexes, or that objects have anyway. */
const KEYS = [
  "a",
  "b",
  "/",
  "~",
  "~1",
  "~0",
  "a/b",
  "",
  "ü",
  "☃",
  "0",
  "-",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "a.b",
];

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; map: Tree; list: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5, withCrossShrink: true }, tie("leaf"), tie("map"), tie("list")),
  leaf: fc.oneof(
    fc.constantFrom<Tree>(null, true, false, 0, 1, 1.5, "", "a", "0"),
    fc.string({ unit: "grapheme" }),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }),
  ),
  map: fc.dictionary(fc.constantFrom(...KEYS), tie("tree"), { maxKeys: 5, noNullPrototype: true }),
  list: fc.array(tie("tree"), { maxLength: 5 }),
}));

function patched(left: Tree, patch: readonly object[]): Tree {
  const holder: { document: Tree } = { document: cloneTree(left) };
  const operations: readonly Operation[] = JSON.parse(JSON.stringify(patch, bigintAsText), textAsBigint);
  const within = operations.map((operation) => ({ ...operation, path: `/document${operation.path}` }));
  const errors = applyPatch(holder, within);
  expect(errors.filter((error) => error !== null)).toEqual([]);
  return holder.document;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `bigint:${value}` : value;
}

function textAsBigint(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.startsWith("bigint:") ? BigInt(value.slice(7)) : value;
}

test("a patch turns the left document into the right one", () => {
  fc.assert(
    fc.property(tree, tree, (left, right) => {
      expect(equalTrees(patched(left, documentPatch(left, right)), right)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("equal documents need no patch, whatever the order of their keys", () => {
  fc.assert(
    fc.property(tree, (document) => {
      expect(documentPatch(document, cloneTree(document))).toEqual([]);
    }),
  );
  expect(documentPatch({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
});

test("a patch is as a person would write it, and survives being printed", () => {
  const left = { version: "1.10", list: [1, 2, 3], gone: null, "a/b": { "~": 1 }, "": "empty" };
  const right = { version: "1.11", list: [2, 3], "a/b": { "~": 2 }, "": "empty", new: 9007199254740993n };
  const patch = documentPatch(left, right);
  expect(patch).toEqual([
    { op: "remove", path: "/gone" },
    { op: "add", path: "/new", value: 9007199254740993n },
    { op: "replace", path: "/version", value: "1.11" },
    { op: "remove", path: "/list/0" },
    { op: "replace", path: "/a~1b/~0", value: 2 },
  ]);
  expect(parseJson(writeJson(patch))).toEqual(patch);
});

test("the inputs are not changed", () => {
  const left = { a: [{ b: 1 }] };
  const right = { a: [{ b: 2 }, { c: 3 }] };
  documentPatch(left, right);
  expect([left, right]).toEqual([{ a: [{ b: 1 }] }, { a: [{ b: 2 }, { c: 3 }] }]);
});

test("long lists and lists in lists are replaced as a whole rather than compared forever", () => {
  const long = (start: number): Tree => Array.from({ length: 5000 }, (_, index) => start + index);
  expect(documentPatch({ a: long(0) }, { a: long(1) })).toEqual([{ op: "replace", path: "/a", value: long(1) }]);
  expect(documentPatch({ a: long(0) }, { a: long(0) })).toEqual([]);
  const nested = (depth: number, leaf: Tree): Tree =>
    depth === 0 ? leaf : [nested(depth - 1, leaf), nested(depth - 1, leaf)];
  const deep = (leaf: Tree): Tree => Array.from({ length: 90 }).reduce<Tree>((inner) => [inner, 1], leaf);
  for (const [left, right] of [
    [nested(10, "x"), nested(10, "y")],
    [deep("x"), deep("y")],
  ] as const) {
    expect(equalTrees(patched(left, documentPatch(left, right)), right)).toBe(true);
  }
});
