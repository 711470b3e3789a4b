import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPath, parsePath, type Step } from "./index.ts";
import { errorOf } from "./testing/index.ts";

test.each<[string, readonly Step[]]>([
  ["", []],
  [".", []],
  ["a.b-c.d_e", ["a", "b-c", "d_e"]],
  [".a", ["a"]],
  ["list[0][12].x", ["list", 0, 12, "x"]],
  ["[0].a", [0, "a"]],
  ['a."b.c".d', ["a", "b.c", "d"]],
  ["a.'b.c'", ["a", "b.c"]],
  ['a["b.c"][0]', ["a", "b.c", 0]],
  [String.raw`"say \"x\""`, ['say "x"']],
  ["constraints.0", ["constraints", "0"]],
  ["a b.c/d", ["a b", "c/d"]],
])("%j is %j", (text, steps) => {
  expect(parsePath(text)).toEqual(steps);
});

test.each([
  ["a..b", 1],
  ["a.", 1],
  ["a[", 2],
  ["a[x]", 2],
  ['a."b', 3],
  ["a]b", 1],
])("%j is not readable from column %i on", (text, column) => {
  expect(errorOf(() => parsePath(text)).message).toBe(`the path "${text}" is not readable at column ${column}`);
});

test("any steps can be written and read back", () => {
  const step = fc.oneof(
    fc.nat(),
    fc.string({ minLength: 1 }).filter((key) => !key.includes("\n")),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      expect(parsePath(formatPath(steps))).toEqual(steps);
    }),
  );
});
