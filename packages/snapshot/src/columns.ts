/**
 * Text from a node, safe to print on one line: what could move the cursor, break a line or be taken for an empty place is
 * quoted as JSON does, so that nothing is lost.
 */
export function shown(value: string | number | boolean): string {
  const text = String(value);
  return text === "" || text !== text.trim() || AWKWARD.test(text) ? quoted(text) : text;
}

const AWKWARD = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** JSON leaves some of these as they are. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A column is not made wider than this for the sake of a few long cells. */
const WIDEST = 60;

/** Rows in columns three spaces apart, indented by two; the last column is as wide as it likes. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      if (index < row.length - 1) widths[index] = Math.min(WIDEST, Math.max(widths[index] ?? 0, cell.length));
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)));
    return `  ${cells.join("   ")}`.trimEnd();
  });
}

/** A title over rows in columns; nothing when there are no rows. */
export function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : [title, ...columns(rows), ""];
}

/** `1 node`, `3 nodes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
