import { isTreeList, isTreeMap, type Tree, type TreeList, type TreeMap } from "./tree.ts";

/** Writes a scalar, or an empty list or map, as it stands after `key: ` with 2 spaces, without a newline at its end. */
export type ScalarWriter = (value: Tree) => string;

/**
 * Writes YAML with any number of spaces as Go's yaml.v3 does: a list or map starts at the next multiple of the indent,
 * but what is in a list item stands two places right of its dash. js-yaml would move the text away from the dash.
 *
 * @returns lines without a newline at the end
 */
export function writeWideYaml(value: Tree, indent: number, scalar: ScalarWriter): string {
  return block(value, { indent, scalar }, 0).join("\n");
}

interface Wide {
  readonly indent: number;
  readonly scalar: ScalarWriter;
}

/** The lines of a value that starts in a column. */
function block(value: Tree, wide: Wide, column: number): readonly string[] {
  if (isTreeList(value) && value.length > 0) return value.flatMap((item) => listItem(item, wide, column));
  if (!isTreeMap(value) || Object.keys(value).length === 0) return [wide.scalar(value)];
  return Object.entries(value).flatMap(([key, child]) => mapEntry(key, child, wide, column));
}

function listItem(item: Tree, wide: Wide, column: number): readonly string[] {
  const lines = isContainer(item) ? block(item, wide, column + 2) : scalarLines(item, wide, column, column + 2);
  const [first = "", ...rest] = lines;
  return [`${" ".repeat(column)}- ${first.trimStart()}`, ...rest];
}

function mapEntry(key: string, child: Tree, wide: Wide, column: number): readonly string[] {
  const head = `${" ".repeat(column)}${keyText(key, wide)}:`;
  const next = wide.indent * Math.floor((column + wide.indent) / wide.indent);
  if (isContainer(child)) return [head, ...block(child, wide, next)];
  const [first = "", ...rest] = scalarLines(child, wide, column, next);
  return [`${head} ${first}`, ...rest];
}

function keyText(key: string, wide: Wide): string {
  const text = wide.scalar(key);
  return text.includes("\n") ? JSON.stringify(key) : text;
}

/** Text of several lines moves from 2 spaces to its column, and so does the number that gives its indent (`|2-`). */
function scalarLines(value: Tree, wide: Wide, column: number, next: number): readonly string[] {
  const [first = "", ...rest] = wide.scalar(value).split("\n");
  const head = rest.length > 0 ? first.replace(/^([|>])2/, `$1${next - column}`) : first;
  return [head, ...rest.map((line) => (line === "" ? line : " ".repeat(next - 2) + line))];
}

function isContainer(value: Tree): value is TreeList | TreeMap {
  return (isTreeList(value) && value.length > 0) || (isTreeMap(value) && Object.keys(value).length > 0);
}
