import {
  isTreeList,
  isTreeMap,
  compareNatural,
  writeYaml,
  type Tree,
  type TreeList,
  type TreeMap,
} from "@slipway/base";

/** Where Go's YAML emitter starts to look for a space to break a line at. */
const WIDTH = 80;

/**
 * YAML as kubectl prints it: keys in natural order, lists flush with their key, long text on several lines.
 *
 * @param column how far its lines are indented
 * @returns its lines
 */
export function yamlLines(value: Tree, column = 0): readonly string[] {
  const pad = " ".repeat(column);
  if (isFilledList(value))
    return value.flatMap((item) => {
      const [first = "", ...rest] = isContainer(item)
        ? yamlLines(item, column + 2)
        : scalarLines(item, column + 2, column + 2);
      return [`${pad}- ${first.trimStart()}`, ...rest];
    });
  if (!isFilledMap(value)) return scalarLines(value, column, column);
  const keys = Object.keys(value).sort(compareNatural);
  return keys.flatMap((key) => {
    const child = value[key] ?? null;
    const name = keyText(key);
    if (isContainer(child)) return [`${pad}${name}:`, ...yamlLines(child, isTreeList(child) ? column : column + 2)];
    const [first = "", ...rest] = scalarLines(child, column + name.length + 2, column + 2);
    return [`${pad}${name}: ${first}`, ...rest];
  });
}

function keyText(key: string): string {
  const text = writeYaml(key).trimEnd();
  return text.includes("\n") ? JSON.stringify(key) : text;
}

/**
 * @param column where its first line starts
 * @param next how far its other lines are indented
 */
function scalarLines(value: Tree, column: number, next: number): readonly string[] {
  const [first = "", ...rest] = writeYaml(value).replace(/\n$/, "").split("\n");
  if (rest.length > 0) return [first, ...rest.map((line) => (line === "" ? line : " ".repeat(next - 2) + line))];
  return column + first.length <= WIDTH || typeof value !== "string" ? [first] : fold(first, column, next);
}

/** Breaks at the first single space beyond the width, as often as there is one. */
function fold(text: string, column: number, next: number): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  let at = WIDTH + 1 - column;
  for (;;) {
    const space = singleSpace(text, start + Math.max(at, 1));
    if (space < 0) return [...lines, indented(text.slice(start), lines.length, next)];
    lines.push(indented(text.slice(start, space), lines.length, next));
    start = space + 1;
    at = WIDTH + 1 - next;
  }
}

function indented(text: string, line: number, next: number): string {
  return line === 0 ? text : " ".repeat(next) + text;
}

function singleSpace(text: string, from: number): number {
  for (let at = text.indexOf(" ", from); at >= 0; at = text.indexOf(" ", at + 1))
    if (text.charAt(at - 1) !== " " && text.charAt(at + 1) !== " " && at < text.length - 2) return at;
  return -1;
}

function isContainer(value: Tree): boolean {
  return isFilledList(value) || isFilledMap(value);
}

function isFilledList(value: Tree): value is TreeList {
  return isTreeList(value) && value.length > 0;
}

function isFilledMap(value: Tree): value is TreeMap {
  return isTreeMap(value) && Object.keys(value).length > 0;
}
