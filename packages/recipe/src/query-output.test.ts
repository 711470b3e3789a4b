import { expect, test } from "vitest";
import { queryText } from "./query-output.ts";

test.each([
  ["v25.10.1", "v25.10.1\n"],
  ["yes", "yes\n"],
  ["a: b", "a: b\n"],
  ["two\nlines", "two\nlines\n"],
  ["", "\n"],
  [true, "true\n"],
  [42, "42\n"],
  [1.5, "1.5\n"],
  [1e21, "1e+21\n"],
  [12345678901234567890n, "12345678901234567890\n"],
  [null, "null\n"],
])("%s is printed bare", (value, text) => {
  expect(queryText(value, "yaml")).toBe(text);
  expect(queryText(value, "table")).toBe(text);
});

test("maps and lists are YAML with sorted keys", () => {
  expect(queryText({ b: [1, { z: null, y: "yes" }], a10: {}, a2: [] }, "yaml")).toBe(
    `a2: []
a10: {}
b:
  - 1
  - "y": "yes"
    z: null
`,
  );
  expect(queryText(["a", "b"], "yaml")).toBe("- a\n- b\n");
  expect(queryText({}, "yaml")).toBe("{}\n");
});

test("in JSON everything is JSON", () => {
  expect(queryText("a <b>", "json")).toBe('"a \\u003cb\\u003e"\n');
  expect(queryText({ b: 1, a: [true] }, "json")).toBe('{\n  "a": [\n    true\n  ],\n  "b": 1\n}\n');
  expect(queryText(null, "json")).toBe("null\n");
  expect(() => queryText([Infinity], "json")).toThrow("JSON has no number for Infinity; ask for yaml instead");
});
