import fc from "fast-check";
import { isForbiddenKey, type Tree, type TreeMap } from "../tree.ts";

/** Keys that documents may use, awkward ones included. */
export const anyKey: fc.Arbitrary<string> = fc
  .oneof(fc.string({ maxLength: 6 }), fc.constantFrom("y", "on", "1", "a.b", "a/b", "~", "", "null", "ä"))
  .filter((key) => !isForbiddenKey(key) && !key.includes("\0"));

const scalar: fc.Arbitrary<Tree> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value))),
  fc.string({ maxLength: 12 }).filter((text) => !text.includes("\0")),
  fc.constantFrom(
    "yes",
    "on",
    "1.50",
    "0755",
    " lead",
    "trail ",
    "a: b",
    "- x",
    "#c",
    "two\nlines\n",
    "\ttab",
    "2024-01-02",
  ),
);

const { tree, map } = fc.letrec<{ tree: Tree; map: TreeMap }>((tie) => ({
  tree: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("tree"), { maxLength: 4 }), tie("map")),
  map: fc.dictionary(anyKey, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
}));

/** Any document. */
export const anyTree: fc.Arbitrary<Tree> = tree;

/** Any document that is a map. */
export const anyMap: fc.Arbitrary<TreeMap> = map;
