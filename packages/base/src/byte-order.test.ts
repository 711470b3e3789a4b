import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes } from "./byte-order.ts";

test("upper case comes before lower case, and a shorter text before its longer neighbour", () => {
  expect(["b", "a", "B", "ab", ""].sort(compareBytes)).toEqual(["", "B", "a", "ab", "b"]);
});

test("a sign beyond U+FFFF comes after U+FFFD, as its bytes do", () => {
  expect(["\u{1F600}", "\uFFFD", "\u00E9"].sort(compareBytes)).toEqual(["\u00E9", "\uFFFD", "\u{1F600}"]);
});

test("any two texts compare as their UTF-8 bytes", () => {
  const text = fc.string({ unit: "binary", maxLength: 6 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
      expect(Math.sign(compareBytes(left, right))).toBe(bytes);
    }),
  );
});
