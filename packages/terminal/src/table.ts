import type { Output } from "@slipway/base";
import { printable } from "./text.ts";

/**
 * Rows of text as a table: for a person aligned columns, three spaces apart, below an upper-case header (as kubectl
 * prints them); in a pipe one line a row, tabs between the cells, no header, so that `cut` and `awk` can read it.
 *
 * @returns text that ends with a newline; empty for a pipe without rows
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  output: Pick<Output, "isTerminal">,
): string {
  const cells = rows.map((row) => row.map((cell) => printable(cell).replaceAll(/[\t\n]/g, " ")));
  if (!output.isTerminal) return cells.map((row) => `${row.join("\t")}\n`).join("");
  const all = [header.map((name) => name.toUpperCase()), ...cells];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
          .join("")
          .trimEnd()}\n`,
    )
    .join("");
}
