import { expect, test } from "vitest";
import { bytesOf, checkBundlePath, pathFault } from "./bundle-path.ts";

test.each([
  ["gpu-operator/values.yaml", undefined],
  ["ünï ☃/..hidden..", undefined],
  ["", "the path is empty"],
  ["/etc/passwd", "the path is absolute"],
  ["c:/windows", "the path is absolute"],
  ["a\\b", "the path has a backslash"],
  ["a\u0000b", "the path has a control character"],
  ["a/../b", "the path leaves the bundle"],
  ["a/./b", "the path has an empty part"],
  ["a/", "the path has an empty part"],
  ["x".repeat(256), "the path is too long"],
  ["x/".repeat(600).slice(0, -1), "the path is too long"],
])("%j: %s", (path, fault) => {
  expect(pathFault(path)).toBe(fault);
});

test("a path that may not be is an error that shows it", () => {
  expect(() => checkBundlePath("../a\n")).toThrow('"../a\\n" is no path of a bundle: the path has a control character');
});

test("text is UTF-8, bytes are what they are", () => {
  expect(bytesOf({ content: "ü" })).toEqual(Uint8Array.of(0xc3, 0xbc));
  expect(bytesOf({ content: Uint8Array.of(1, 2) })).toEqual(Uint8Array.of(1, 2));
});
