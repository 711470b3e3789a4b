import { expect, test } from "vitest";
import { formatTable } from "./table.ts";

const HEADER = ["name", "version"];
const ROWS = [
  ["gpu-operator", "v25.10.1"],
  ["nfd", ""],
];

test("aligned under a header on a terminal", () => {
  expect(formatTable(HEADER, ROWS, { isTerminal: true })).toBe(
    ["NAME           VERSION", "gpu-operator   v25.10.1", "nfd", ""].join("\n"),
  );
});

test("a line a row in a pipe, tabs between the cells", () => {
  expect(formatTable(HEADER, ROWS, { isTerminal: false })).toBe("gpu-operator\tv25.10.1\nnfd\t\n");
});

test("no row: a header for a person, nothing for a program", () => {
  expect(formatTable(HEADER, [], { isTerminal: true })).toBe("NAME   VERSION\n");
  expect(formatTable(HEADER, [], { isTerminal: false })).toBe("");
});

test("a cell cannot end a row or recolour it", () => {
  expect(formatTable(HEADER, [["a\nb\tc", "\u001b[31m"]], { isTerminal: false })).toBe("a b c\t\\x1b[31m\n");
});
