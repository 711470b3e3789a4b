import { isTreeList, isTreeMap, type Tree, type TreeList, type TreeMap } from "./tree.ts";
import { writeScalar } from "./yaml-scalar.ts";

/** How a document is laid out. */
export interface Layout {
  /** Spaces of one level. */
  readonly indent: number;
  /** Whether a list stands right below its key instead of one level in. */
  readonly flush: boolean;
}

/**
 * Lays a value out as YAML the way Go's yaml.v3 does: a list or map starts at the next multiple of the indent, but what
 * is in a list item stands two places right of its dash.
 *
 * @param column where the value starts
 * @returns its lines
 */
export function layOut(value: Tree, layout: Layout, column: number): readonly string[] {
  if (isTreeList(value) && value.length > 0) return value.flatMap((item) => listItem(item, layout, column));
  if (!isTreeMap(value) || Object.keys(value).length === 0) return scalarLines(value, column, column + layout.indent);
  return Object.entries(value).flatMap(([key, child]) => mapEntry(key, child, layout, column));
}

function listItem(item: Tree, layout: Layout, column: number): readonly string[] {
  const lines = isContainer(item) ? layOut(item, layout, column + 2) : scalarLines(item, column, column + 2);
  const [first = "", ...rest] = lines;
  return [`${" ".repeat(column)}- ${first.trimStart()}`, ...rest];
}

function mapEntry(key: string, child: Tree, layout: Layout, column: number): readonly string[] {
  const head = `${" ".repeat(column)}${keyText(key)}:`;
  const next = layout.indent * Math.floor((column + layout.indent) / layout.indent);
  if (isContainer(child)) return [head, ...layOut(child, layout, layout.flush && isTreeList(child) ? column : next)];
  const [first = "", ...rest] = scalarLines(child, column, next);
  return [`${head} ${first}`, ...rest];
}

function keyText(key: string): string {
  const text = writeScalar(key);
  return text.includes("\n") ? JSON.stringify(key) : text;
}

/** Text of several lines moves from 2 spaces to its column, and so does the number that gives its indent (`|2-`). */
function scalarLines(value: Tree, column: number, next: number): readonly string[] {
  const [first = "", ...rest] = writeScalar(value).split("\n");
  const head = rest.length > 0 ? first.replace(/^([|>])2/, `$1${next - column}`) : first;
  return [head, ...rest.map((line) => (line === "" ? line : " ".repeat(next - 2) + line))];
}

function isContainer(value: Tree): value is TreeList | TreeMap {
  return (isTreeList(value) && value.length > 0) || (isTreeMap(value) && Object.keys(value).length > 0);
}
