/** Rows as kubectl's columns: three spaces apart, the last one not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(plain));
  const widths: number[] = [];
  for (const row of clean)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return clean
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 3))).join(""),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** Text from the cluster on one line, with nothing in it that a terminal would obey. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s*[\n\r]\s*/g, " ")
    .replaceAll(
      /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
