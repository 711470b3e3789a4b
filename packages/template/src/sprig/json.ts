import { FunctionError } from "../function-error.ts";
import { GoFloat, MAX_VALUE_DEPTH, isList, isMap, sortedKeys, type GoScalar, type Value } from "../value.ts";

/** How JSON is written. */
export interface JsonLayout {
  /** Blanks of one level; 0 for all on one line. */
  readonly indent: number;
  /** Whether `<`, `>` and `&` are escaped, as Go does unless told otherwise. */
  readonly escapesHtml: boolean;
  readonly charge: (steps: number) => void;
}

/** A value as JSON in the way of Go's encoding/json, with the keys of maps in order. Throws FunctionError for NaN. */
export function jsonOf(value: Value, layout: JsonLayout): string {
  return write(value, layout, "", 0);
}

function write(value: Value, layout: JsonLayout, margin: string, depth: number): string {
  layout.charge(1);
  if (depth > MAX_VALUE_DEPTH) throw new FunctionError(`a value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  const inner = margin + " ".repeat(layout.indent);
  if (isList(value)) {
    const items = value.map((item) => write(item, layout, inner, depth + 1));
    return bracketed("[", items, "]", layout, margin);
  }
  if (isMap(value)) {
    const colon = layout.indent === 0 ? ":" : ": ";
    const entries = sortedKeys(value).map(
      (key) => textJson(key, layout) + colon + write(value.get(key) ?? null, layout, inner, depth + 1),
    );
    return bracketed("{", entries, "}", layout, margin);
  }
  return value === null ? "null" : scalarJson(value, layout);
}

function bracketed(open: string, items: readonly string[], close: string, layout: JsonLayout, margin: string): string {
  if (items.length === 0) return open + close;
  if (layout.indent === 0) return open + items.join(",") + close;
  const inner = margin + " ".repeat(layout.indent);
  return `${open}\n${items.map((item) => inner + item).join(",\n")}\n${margin}${close}`;
}

function scalarJson(value: GoScalar, layout: JsonLayout): string {
  if (typeof value === "string") return textJson(value, layout);
  const plain = value instanceof GoFloat ? value.value : value;
  if (typeof plain === "number" && !Number.isFinite(plain)) throw new FunctionError(`JSON has no number for ${plain}`);
  return String(plain);
}

/** Go writes the same escapes as JavaScript, and always those of U+2028 and U+2029. */
function textJson(text: string, layout: JsonLayout): string {
  layout.charge(text.length / 64);
  const pattern = layout.escapesHtml ? /[<>&\u2028\u2029]/g : /[\u2028\u2029]/g;
  return JSON.stringify(text.toWellFormed()).replace(
    pattern,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
