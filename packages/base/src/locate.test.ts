import { expect, test } from "vitest";
import { locate } from "./index.ts";

const text = `# comment
kind: X
spec:
  list:
    - name: one
    - name: two
      deep: {q: [1, 2]}
  "a.b": &x text
  alias: *x
`;

test.each([
  ["kind", 2, 1],
  ["spec.list", 4, 3],
  ["spec.list[0]", 5, 7],
  ["spec.list[1].name", 6, 7],
  ["spec.list[1].deep.q", 7, 14],
  ["spec.list[1].deep.q[1]", 7, 21],
  ['spec."a.b"', 8, 4],
  ["spec.alias", 9, 3],
  ["spec.list[1].nowhere.at.all", 6, 7],
  ["nowhere", 1, 1],
  ["", 1, 1],
])("%s is at %i:%i", (field, line, column) => {
  expect(locate(text, field)).toEqual({ line, column });
});

test("JSON is located too, and an empty text has a beginning", () => {
  expect(locate('{\n  "a": {"b": 1}\n}', "a.b")).toEqual({ line: 2, column: 10 });
  expect(locate("", "a.b")).toEqual({ line: 1, column: 1 });
});

test("a large document is located without being rebuilt", () => {
  const large = `a: [${"0,".repeat(100_000)}0]\nb: {c: 1}\n`;
  expect(locate(large, "b.c")).toEqual({ line: 2, column: 5 });
  expect(locate(large, "a[100000]")).toEqual({ line: 1, column: 200_005 });
});
