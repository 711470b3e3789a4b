import { expect, test } from "vitest";
import { columns, counted, section, shown } from "./columns.ts";

test.each([
  ["plain text", "plain text"],
  [7, "7"],
  [false, "false"],
  ["", '""'],
  [" padded ", '" padded "'],
  ["two\nlines\t", '"two\\nlines\\t"'],
  ["\u001b[2J", '"\\u001b[2J"'],
  ["a\u009bb", '"a\\u009bb"'],
  ["a\u202eb", '"a\\u202eb"'],
  ["ä 界", "ä 界"],
])("%j is shown as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});

test("columns are as wide as they need, but not for the sake of one long cell", () => {
  expect(
    columns([
      ["a", "b", "c"],
      ["longer", "x".repeat(70), ""],
    ]),
  ).toEqual([`  a        b${" ".repeat(62)}c`, `  longer   ${"x".repeat(70)}`]);
});

test("a section without rows is nothing", () => {
  expect([section("TITLE", []), section("TITLE", [["a"]])]).toEqual([[], ["TITLE", "  a", ""]]);
});

test.each([
  [0, "0 nodes"],
  [1, "1 node"],
  [2, "2 nodes"],
])("%i is %s", (count, text) => {
  expect(counted(count, "node")).toBe(text);
});
