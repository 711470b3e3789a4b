import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { parseExpression } from "./jsonpath/parse.ts";
import { sortKeyOf, sortedBy, type SortKey } from "./sort-by.ts";

function sorted(keys: readonly SortKey[]): readonly SortKey[] {
  return sortedBy(
    keys.map((key) => ({ key })),
    ({ key }) => key,
    ".x",
  ).map(({ key }) => key);
}

test.each<[what: string, keys: readonly SortKey[], expected: readonly SortKey[]]>([
  ["those without come first", ["b", undefined, "a"], [undefined, "a", "b"]],
  ["numbers", [10, 9, 1.5], [1.5, 9, 10]],
  ["large integers", [2n ** 60n, 1n], [1n, 2n ** 60n]],
  ["numbers in text", ["llm-10", "llm-9", "llm-9b", "llm"], ["llm", "llm-9", "llm-9b", "llm-10"]],
  ["quantities", ["1Ti", "20Gi", "500M", "100m", "1e3"], ["100m", "1e3", "500M", "20Gi", "1Ti"]],
  ["true and false", [true, false], [false, true]],
  ["times", ["2026-01-02T00:00:00Z", "2025-12-31T00:00:00Z"], ["2025-12-31T00:00:00Z", "2026-01-02T00:00:00Z"]],
  ["nothing at all", [], []],
])("sorted: %s", (_, keys, expected) => {
  expect(sorted(keys)).toEqual(expected);
});

test("what is equal keeps its order", () => {
  const entries = [
    { key: 1, at: "a" },
    { key: 0, at: "b" },
    { key: 1, at: "c" },
    { key: 0, at: "d" },
  ];
  expect(sortedBy(entries, ({ key }) => key, ".key").map(({ at }) => at)).toEqual(["b", "d", "a", "c"]);
});

test("the key is what the expression finds first", () => {
  const object = { status: { state: "Ready", none: null }, list: [] };
  expect(
    [".status.state", "{.status.none}", "missing"].map((text) => sortKeyOf(parseExpression(text), object)),
  ).toEqual(["Ready", undefined, undefined]);
  expect(errorOf(() => sortKeyOf(parseExpression(".status"), object)).describe()).toBe(
    "--sort-by finds a list or a map, and neither has an order\n" +
      "Name one value, such as .metadata.creationTimestamp or .status.state.",
  );
});

test("a field that no object has is an error", () => {
  expect(errorOf(() => sorted([undefined, undefined])).describe()).toBe(
    "--sort-by=.x: none of the objects has such a field\n" +
      "-o yaml shows the fields that they have; for example --sort-by=.metadata.creationTimestamp",
  );
});
