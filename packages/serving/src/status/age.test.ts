import { expect, test } from "vitest";
import { ageText } from "./age.ts";

const NOW = new Date("2026-01-02T03:04:05Z");
const S = 1;
const M = 60;
const H = 3600;
const D = 86_400;

test.each([
  [-3 * S, "<invalid>"],
  [-1 * S, "0s"],
  [0, "0s"],
  [119 * S, "119s"],
  [2 * M, "2m"],
  [9 * M + 59, "9m59s"],
  [10 * M + 30, "10m"],
  [179 * M, "179m"],
  [3 * H, "3h"],
  [7 * H + 59 * M, "7h59m"],
  [8 * H + 59 * M, "8h"],
  [47 * H, "47h"],
  [2 * D, "2d"],
  [7 * D + 23 * H, "7d23h"],
  [8 * D + 23 * H, "8d"],
  [729 * D, "729d"],
  [730 * D, "2y"],
  [2 * 365 * D + 5 * D, "2y5d"],
  [8 * 365 * D + 5 * D, "8y"],
])("an age of %d seconds", (seconds, text) => {
  expect(ageText(new Date(NOW.getTime() - seconds * 1000).toISOString(), NOW)).toBe(text);
});

test("what is no time has no age", () => {
  expect([ageText("", NOW), ageText("yesterday", NOW)]).toEqual(["<unknown>", "<unknown>"]);
});
