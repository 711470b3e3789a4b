import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeTrees, type Tree, type TreeMap } from "./index.ts";
import { anyMap } from "./testing/index.ts";

test.each<[string, TreeMap, TreeMap, Tree]>([
  ["maps merge at every depth", { a: { x: 1, y: 2 } }, { a: { y: 3, z: 4 } }, { a: { x: 1, y: 3, z: 4 } }],
  ["lists are replaced as a whole", { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ["a map is replaced by a scalar", { a: { x: 1 } }, { a: 5 }, { a: 5 }],
  ["a scalar is replaced by a map", { a: 5 }, { a: { x: 1 } }, { a: { x: 1 } }],
  ["null replaces a map and is kept", { a: { x: 1 } }, { a: null }, { a: null }],
  ["names of the prototype are plain keys", { a: 1 }, { toString: { x: 1 } }, { a: 1, toString: { x: 1 } }],
])("%s", (_, under, over, merged) => {
  expect(mergeTrees(under, over)).toEqual(merged);
});

test("merging leaves both documents as they were", () => {
  const under = { a: { x: 1 } };
  const over = { a: { y: 2 } };
  mergeTrees(under, over);
  expect([under, over]).toEqual([{ a: { x: 1 } }, { a: { y: 2 } }]);
});

test("nothing over a document changes nothing, and a document over itself neither", () => {
  fc.assert(
    fc.property(anyMap, (map) => {
      expect(mergeTrees(map, {})).toEqual(map);
      expect(mergeTrees({}, map)).toEqual(map);
      expect(mergeTrees(map, map)).toEqual(map);
    }),
  );
});

test("the last layer wins in whatever grouping maps of maps are merged", () => {
  const leafMap = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.dictionary(fc.constantFrom("x", "y"), fc.integer()));
  fc.assert(
    fc.property(leafMap, leafMap, leafMap, (one, two, three) => {
      expect(mergeTrees(mergeTrees(one, two), three)).toEqual(mergeTrees(one, mergeTrees(two, three)));
    }),
  );
});
