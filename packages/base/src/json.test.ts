import fc from "fast-check";
import { expect, test } from "vitest";
import { compactJson, parseJson, writeJson } from "./index.ts";
import { anyTree, errorOf } from "./testing/index.ts";

test("JSON is indented by two and safe inside HTML", () => {
  expect(writeJson({ a: "<&>", b: [1, {}], c: [], n: null })).toBe(
    '{\n  "a": "\\u003c\\u0026\\u003e",\n  "b": [\n    1,\n    {}\n  ],\n  "c": [],\n  "n": null\n}\n',
  );
});

test("integers keep every digit", () => {
  expect(parseJson("[12345678901234567890, 1, 1.5, -9007199254740993]")).toEqual([
    12345678901234567890n,
    1,
    1.5,
    -9007199254740993n,
  ]);
});

test("compact JSON is one line", () => {
  expect(compactJson({ a: [1, "x"], b: { c: null } })).toBe('{"a":[1,"x"],"b":{"c":null}}');
});

test("whatever is written reads back as the same document", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      expect(parseJson(writeJson(tree))).toEqual(tree);
      expect(parseJson(compactJson(tree))).toEqual(tree);
    }),
  );
});

test.each([
  ['{"a":1, "__proto__": {}}', "INVALID_INPUT", 's.json: the key "__proto__" is not allowed'],
  [`${"[".repeat(150)}${"]".repeat(150)}`, "TOO_LARGE", "s.json: the document nests deeper than 100 levels"],
])("%j is refused", (text, code, message) => {
  const error = errorOf(() => parseJson(text, "s.json"));
  expect([error.code, error.describe()]).toEqual([code, message]);
});

test("bad syntax names the file", () => {
  expect(() => parseJson('{"a":', "s.json")).toThrow(/^not valid JSON: /);
});

test("what JSON cannot hold is refused", () => {
  expect(() => writeJson([Number.POSITIVE_INFINITY])).toThrow("JSON has no number for Infinity; ask for yaml instead");
});

test("a document of too many values is refused before it is parsed; commas in texts do not count", () => {
  const error = errorOf(() => parseJson(`[${"0,".repeat(500_001)}0]`, "f.json"));
  expect([error.code, error.describe()]).toEqual(["TOO_LARGE", "f.json: the document has more than 500000 values"]);
  const text = `\\",${",".repeat(600_000)}`;
  expect(parseJson(JSON.stringify([text]))).toEqual([text]);
});

test("an integer of a million digits is not kept digit by digit", () => {
  expect(parseJson("9".repeat(1_000_000))).toBe(Number.POSITIVE_INFINITY);
});

test.each(["[", '{"a":', '[{"a":'])("%s a hundred thousand times is refused before it is parsed", (open) => {
  const error = errorOf(() => parseJson(open.repeat(100_000), "f.json"));
  expect([error.code, error.describe()]).toEqual(["TOO_LARGE", "f.json: the document nests deeper than 100 levels"]);
});

test("brackets in texts, and a hundred levels, are no excess", () => {
  const deep = `${"[".repeat(100)}"${'[{\\"'.repeat(200)}"${"]".repeat(100)}`;
  expect(compactJson(parseJson(deep))).toBe(deep);
});
