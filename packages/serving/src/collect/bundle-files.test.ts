import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "./bundle-files.ts";

test.each([
  ["llama-0.a", "llama-0.a"],
  ["..", "___"],
  ["../../etc/passwd", "___%2F__%2Fetc%2Fpasswd"],
  ["a/b", "_a%2Fb"],
  ["", "_"],
])("%j is called %j", (name, expected) => {
  expect(fileName(name)).toBe(expected);
});

test("no name leads out of its folder, and none is hidden", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(".", "/", "\\", "\0", "a", "A", "-", "_", "%", "~", "ä", "\n", ":", "\ud800"),
        maxLength: 12,
      }),
      (name) => {
        expect(fileName(name)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._%-]*$/);
      },
    ),
  );
  expect(fileName("\ud800")).toBe("_%EF%BF%BD");
  expect(fileName("ä".repeat(500)).length).toBe(201);
});
