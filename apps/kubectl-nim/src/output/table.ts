import { printable } from "@slipway/terminal";

/** Spaces between columns, and the least width of a column with them (kubectl's printer). */
const PADDING = 3;
const LEAST_WIDTH = 6;

/** How rows are laid out; the widths of rows that were printed before are kept, so that what a watch adds stands below them. */
export interface TableLayout {
  /** The lines of rows, each with a newline. */
  lines(rows: readonly (readonly string[])[]): string;
}

/**
 * Rows as kubectl prints them: aligned columns three spaces apart, the same on a terminal and in a pipe. A cell that holds
 * a line break ends there with `...`; control characters are shown and not sent.
 */
export function tableLayout(): TableLayout {
  const widths: number[] = [];
  return {
    lines: (rows) => {
      const cells = rows.map((row) => row.map(cellText));
      for (const row of cells)
        for (const [column, cell] of row.entries())
          widths[column] = Math.max(widths[column] ?? LEAST_WIDTH, widthOf(cell) + PADDING);
      return cells.map((row) => `${rowText(row, widths)}\n`).join("");
    },
  };
}

/** The lines of one table. */
export function tableText(rows: readonly (readonly string[])[]): string {
  return tableLayout().lines(rows);
}

/** The last cell is not padded. */
function rowText(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) =>
      column === row.length - 1 ? cell : cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))),
    )
    .join("");
}

const PLAIN = /^[\u0020-\u007e]*$/;

function cellText(text: string): string {
  if (PLAIN.test(text)) return text;
  const end = text.search(/[\n\r\f]/);
  return printable((end < 0 ? text : `${text.slice(0, end)}...`).replaceAll("\t", " "));
}

/** Signs beyond U+FFFF are one; marks that stand over others are none. */
function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : Array.from(text.replaceAll(/\p{Mark}/gu, "")).length;
}
