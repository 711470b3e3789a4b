import { expect, test } from "vitest";
import { compareStamps, stampEnd } from "./stamp.ts";

const end = (text: string): number => stampEnd(new TextEncoder().encode(text), 0, text.length);

test.each([
  ["2026-11-21T05:00:00.123456789Z text", 30],
  ["2026-11-21T05:00:00Z ", 20],
  ["2026-11-21T05:00:00.1+14:00 text", 27],
  ["2026-11-21T05:00:00Z", -1],
  ["2026-11-21 05:00:00 text", -1],
  ["short", -1],
  ["", -1],
])("%j: %d", (text, expected) => {
  expect(end(text)).toBe(expected);
});

test.each([
  ["2026-11-21T05:00:00.100000000Z", "2026-11-21T05:00:00.1Z", 0],
  ["2026-11-21T05:00:00.1Z", "2026-11-21T05:00:00.09Z", 1],
  ["2026-11-21T05:00:00Z", "2026-11-21T05:00:01Z", -1000],
  ["2026-11-21T05:00:00+01:00", "2026-11-21T04:00:00Z", 0],
  ["no time", "2026-11-21T04:00:00Z", 0],
])("%s and %s: %d", (left, right, expected) => {
  expect(compareStamps(left, right)).toBe(expected);
});
