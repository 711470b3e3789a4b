import { expect, test } from "vitest";
import { tableLayout, tableText } from "./table.ts";

test("a table looks as kubectl's: three spaces, at least six columns, nothing behind the last cell", () => {
  expect(
    tableText([
      ["N", "STATUS", "AGE"],
      ["x", "Ready", "5d"],
      ["a-long-name", "", "<unknown>"],
    ]),
  ).toBe("N             STATUS   AGE\nx             Ready    5d\na-long-name            <unknown>\n");
  expect(tableText([["N", "A"]])).toBe("N     A\n");
  expect(tableText([])).toBe("");
});

test("a cell ends where its line does, and controls are shown", () => {
  expect(tableText([["two\nlines", "a\tb\u001b[0m", "end"]])).toBe("two...   a b\\x1b[0m   end\n");
});

test("signs of any script are counted, not their bytes", () => {
  expect(
    tableText([
      ["größe", "x"],
      ["e\u0301tat-1", "x"],
      ["😀", "x"],
    ]),
  ).toBe("größe    x\ne\u0301tat-1   x\n😀        x\n");
});

test("rows that come later keep the widths", () => {
  const layout = tableLayout();
  expect([
    layout.lines([
      ["NAME", "AGE"],
      ["abcdef", "1s"],
    ]),
    layout.lines([["x", "2s"]]),
    layout.lines([["abcdefgh", "3s"]]),
  ]).toEqual(["NAME     AGE\nabcdef   1s\n", "x        2s\n", "abcdefgh   3s\n"]);
});
