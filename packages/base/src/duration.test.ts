import { assert, double, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { durationText, parseDuration } from "./duration.ts";

test.each([
  ["0", 0],
  ["300ms", 300],
  ["1.5h", 5_400_000],
  ["2h45m", 9_900_000],
  [" 5m ", 300_000],
  [".5s", 500],
  ["1h1m1s1ms", 3_661_001],
  ["10us", 0.01],
])("%j is a duration", (text, milliseconds) => {
  expect(parseDuration(text)).toBeCloseTo(milliseconds, 9);
});

test.each(["", "5", "-5s", "5 s", "s", "5x", "1h 5m", "5m!", "1e3s", "Infinity"])("%j is none", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, "0ms"],
  [850.4, "850ms"],
  [2500, "2.5s"],
  [9999, "10s"],
  [61_200, "1m1s"],
  [300_000, "5m"],
  [5_400_000, "1h30m"],
])("%d ms is written %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

test("what is written is read again, to the second", () => {
  assert(
    property(integer({ min: 0, max: 10_000_000 }), (seconds) => {
      expect(parseDuration(durationText(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
});

test("what is written is near what was meant", () => {
  assert(
    property(double({ min: 0, max: 1e9, noNaN: true }), (milliseconds) => {
      expect(Math.abs((parseDuration(durationText(milliseconds)) ?? 0) - milliseconds)).toBeLessThanOrEqual(501);
    }),
  );
});
