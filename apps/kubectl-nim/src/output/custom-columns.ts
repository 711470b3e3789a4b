import { SlipwayError, type TreeMap } from "@slipway/base";
import type { PathNode } from "./jsonpath/nodes.ts";
import { parseExpression } from "./jsonpath/parse.ts";
import { findTexts } from "./jsonpath/render.ts";

/** One column of `-o custom-columns`. */
export interface CustomColumn {
  readonly header: string;
  readonly path: readonly PathNode[];
}

/**
 * Reads `NAME:.metadata.name,STATE:.status.state`.
 *
 * @throws SlipwayError USAGE that names the column
 */
export function parseColumns(text: string): readonly CustomColumn[] {
  return text.split(/,(?![^[\]]*\])/).map((column) => {
    const at = column.indexOf(":");
    if (at <= 0 || at === column.length - 1)
      throw new SlipwayError("USAGE", `the column ${JSON.stringify(column)} is no HEADER:EXPRESSION`, {
        hint: "For example: -o custom-columns=NAME:.metadata.name,STATE:.status.state",
      });
    return { header: column.slice(0, at), path: parseExpression(column.slice(at + 1)) };
  });
}

/**
 * Reads a file of `-o custom-columns-file`: a line of headers and a line of expressions below them.
 *
 * @throws SlipwayError USAGE
 */
export function parseColumnsFile(text: string): readonly CustomColumn[] {
  const [headers = [], paths = []] = text.split("\n").map((line) => line.split(/\s+/).filter((word) => word !== ""));
  if (headers.length === 0 || headers.length !== paths.length)
    throw new SlipwayError(
      "USAGE",
      `the file of columns has ${headers.length} headers and ${paths.length} expressions; it needs as many of each`,
      {
        hint: "Its first line holds the headers, its second an expression for each: NAME STATE, then .metadata.name .status.state",
      },
    );
  return headers.map((header, index) => ({ header, path: parseExpression(paths[index] ?? "") }));
}

/** The cells of an object: several values stand with commas between them, and `<none>` where nothing is found. */
export function customCells(columns: readonly CustomColumn[], object: TreeMap): readonly string[] {
  return columns.map(({ path }) => {
    const found = findTexts(path, object);
    return found.length === 0 ? "<none>" : found.map((text) => (text === "null" ? "<none>" : text)).join(",");
  });
}
