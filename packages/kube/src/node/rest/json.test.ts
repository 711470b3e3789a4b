import { compactJson } from "@slipway/base";
import { anyTree, errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "./json.ts";

test("what is written as JSON is read again, whatever it is", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      expect(readJson(compactJson(tree), "it")).toEqual(tree);
    }),
  );
});

test("long integers lose no digit, wherever they stand", () => {
  expect(readJson('{"a":9007199254740993,"b":[ -9007199254740993 ,1],"c":1e400,"d":"9007199254740993"}', "it")).toEqual(
    {
      a: 9007199254740993n,
      b: [-9007199254740993n, 1],
      c: Infinity,
      d: "9007199254740993",
    },
  );
});

test("a key that would reach the prototype is left out, however it is spelt, and what is beside it stays", () => {
  const text = '{"items":[{"a":1,"__proto__":{"x":1}},{"\\u005f_proto__":2,"b":{"constructor":3}}]}';
  const value = readJson(text, "it");
  expect(compactJson(value)).toBe('{"items":[{"a":1},{"b":{"constructor":3}}]}');
});

test("what is no JSON is the server's fault, and is not shown", () => {
  const error = errorOf(() => readJson('{"token":"s3cret', "GET /x"));
  expect([error.code, error.message]).toEqual([
    "UNAVAILABLE",
    "GET /x: the server's answer of 16 characters is not JSON",
  ]);
});
