import { compareBytes, isTreeList, isTreeMap, type Tree, type TreeMap } from "@slipway/base";

/**
 * JSON as kubectl prints it: 4 spaces, keys in byte order, `<`, `>` and `&` escaped as Go's encoding/json does; beside
 * that, what could steer a terminal (C1 controls, marks that turn the direction of text) is escaped too.
 *
 * @param depth how many levels its lines are indented, but for the first
 */
export function jsonText(value: Tree, depth = 0): string {
  return textOf(value, "    ".repeat(depth));
}

/** The same on one line, as jsonpath prints lists and maps. */
export function compactText(value: Tree): string {
  if (isTreeList(value)) return `[${value.map(compactText).join(",")}]`;
  if (!isTreeMap(value)) return scalarText(value);
  const entries = keysOf(value).map((key) => `${quoted(key)}:${compactText(value[key] ?? null)}`);
  return `{${entries.join(",")}}`;
}

/** The keys of a map in the order of their UTF-8 bytes. */
export function keysOf(map: TreeMap): readonly string[] {
  return Object.keys(map).sort(compareBytes);
}

function textOf(value: Tree, indent: string): string {
  const inner = `${indent}    `;
  if (isTreeList(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + textOf(item, inner)).join(",\n")}\n${indent}]`;
  }
  if (!isTreeMap(value)) return scalarText(value);
  const keys = keysOf(value);
  if (keys.length === 0) return "{}";
  const entries = keys.map((key) => `${inner}${quoted(key)}: ${textOf(value[key] ?? null, inner)}`);
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

function scalarText(value: string | number | bigint | boolean | null): string {
  if (typeof value === "string") return quoted(value);
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}

function quoted(text: string): string {
  const json = JSON.stringify(text);
  return PLAIN.test(json)
    ? json
    : json.replace(ESCAPED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const PLAIN = /^[ !-%'-;=?-~]*$/;
const ESCAPED = /[<>&\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
