import { SlipwayError, messageOf } from "./errors.ts";
import { isForbiddenKey, isTreeList, isTreeMap, type Tree } from "./tree.ts";
import { DOCUMENT_LIMITS, parseYaml } from "./yaml-read.ts";

/**
 * Reads JSON text. Integers that a number cannot hold exactly become bigint.
 *
 * @throws SlipwayError INVALID_INPUT for bad syntax or a forbidden key, TOO_LARGE for nesting beyond the document limits
 */
export function parseJson(text: string, file?: string): Tree {
  refuseExcess(text, file);
  let lossy = false;
  let value: unknown;
  try {
    value = JSON.parse(text, (_key, part: unknown, context?: { readonly source?: string }) => {
      if (typeof part !== "number" || Number.isSafeInteger(part)) return part;
      lossy ||= context?.source === undefined;
      return exactNumber(part, context?.source ?? "");
    });
  } catch (error) {
    throw new SlipwayError("INVALID_INPUT", `not valid JSON: ${messageOf(error)}`, { place: { file }, cause: error });
  }
  // Node 20 does not say what was written; JSON is YAML, and that reader does.
  return lossy ? parseYaml(text, file) : checked(value, file);
}

/** JSON with 2 spaces and, as Go writes it, `<`, `>` and `&` escaped; ends with a newline. */
export function writeJson(value: Tree): string {
  return `${jsonOf(value, "")}\n`;
}

/** JSON on one line, keys in their order, nothing escaped beyond what JSON demands. */
export function compactJson(value: Tree): string {
  if (isTreeList(value)) return `[${value.map(compactJson).join(",")}]`;
  if (isTreeMap(value)) {
    return `{${Object.entries(value)
      .map(([key, child]) => `${JSON.stringify(key)}:${compactJson(child)}`)
      .join(",")}}`;
  }
  return scalarJson(value);
}

function jsonOf(value: Tree, indent: string): string {
  const inner = `${indent}  `;
  if (isTreeList(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + jsonOf(item, inner)).join(",\n")}\n${indent}]`;
  }
  if (isTreeMap(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) return "{}";
    return `{\n${entries.map(([key, child]) => `${inner}${goText(key)}: ${jsonOf(child, inner)}`).join(",\n")}\n${indent}}`;
  }
  return typeof value === "string" ? goText(value) : scalarJson(value);
}

function scalarJson(value: string | number | bigint | boolean | null): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new SlipwayError("INVALID_INPUT", `JSON has no number for ${value}; ask for yaml instead`);
  }
  return JSON.stringify(value);
}

/** Go's encoding/json keeps its output safe to embed in HTML. */
function goText(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Looks at commas and brackets before parsing: every value but the first of its container has a comma before it, so
 * counting is cheap, and parsing stays affordable and within the stack.
 */
function refuseExcess(text: string, file: string | undefined): void {
  let commas = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) quoted = !quoted;
    else if (sign === BACKSLASH) at++;
    else if (!quoted && sign === COMMA) commas++;
    else if (!quoted) depth += DEEPER.get(sign) ?? 0;
    if (commas > DOCUMENT_LIMITS.maxCommas)
      throw tooLarge(`the document has more than ${DOCUMENT_LIMITS.maxCommas} values`, file);
    if (depth > DOCUMENT_LIMITS.maxDepth)
      throw tooLarge(`the document nests deeper than ${DOCUMENT_LIMITS.maxDepth} levels`, file);
  }
}

function tooLarge(message: string, file: string | undefined): SlipwayError {
  return new SlipwayError("TOO_LARGE", message, { place: { file } });
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
/** What each bracket does to the depth. */
const DEEPER: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);
/** What fits 64 bits has fewer digits; reading an integer takes time that grows with the square of its length. */
const MOST_DIGITS = 100;

function exactNumber(value: number, source: string): number | bigint {
  return source.length <= MOST_DIGITS && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function checked(value: unknown, file: string | undefined): Tree {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (Array.isArray(value)) return value.map((item) => checked(item, file));
  if (typeof value !== "object")
    throw new SlipwayError("INVALID_INPUT", `a ${typeof value} has no place in JSON`, { place: { file } });
  const entries = Object.entries(value).map(([key, child]): readonly [string, Tree] => {
    if (isForbiddenKey(key))
      throw new SlipwayError("INVALID_INPUT", `the key "${key}" is not allowed`, { place: { file } });
    return [key, checked(child, file)];
  });
  return Object.fromEntries(entries);
}
