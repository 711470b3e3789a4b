import { anything, binary, functionMap, integer, ternary, text, unary, variadic } from "../functions.ts";
import type { FunctionMap, Runtime } from "../functions.ts";
import { printValue } from "../print.ts";
import { quoteGo } from "../quote.ts";
import { byteLength, byteSlice, signsOf } from "../utf8.ts";
import { isList, type Value } from "../value.ts";
import { repeated, replacedAll } from "./bounds.ts";
import { kebabCase, pascalCase, snakeCase, swapCase, titleCase } from "./cases.ts";
import { abbreviate, wrap } from "./wrap.ts";

/** What sprig's `toString` gives: texts as they are, all else as `%v` prints it. */
export function textOfValue(value: Value, runtime: Runtime): string {
  return typeof value === "string" ? value : printValue(value, runtime.charge);
}

/** The texts of a list without its nils; any other value is a list of one. */
export function textsOf(value: Value, runtime: Runtime): readonly string[] {
  if (value === null) return [];
  if (!isList(value)) return [textOfValue(value, runtime)];
  return value.filter((item) => item !== null).map((item) => textOfValue(item, runtime));
}

/** Go's strings.TrimSpace and unicode.IsSpace; JavaScript's trim also takes U+FEFF and lacks U+0085. */
const SPACE = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const OUTER_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const ANY_SPACE = new RegExp(SPACE, "g");

function trimSpace(value: string): string {
  return value.replace(OUTER_SPACE, "");
}

function trimSigns(signs: string, value: string): string {
  const cut = new Set(signs);
  const all = signsOf(value);
  let start = 0;
  let end = all.length;
  while (start < end && cut.has(all[start] ?? "")) start++;
  while (end > start && cut.has(all[end - 1] ?? "")) end--;
  return all.slice(start, end).join("");
}

/** Each line of a text moved right, blank lines too. */
function indent(spaces: number, value: string, runtime: Runtime): string {
  const pad = repeated(" ", spaces, runtime);
  return pad + replacedAll(value, "\n", `\n${pad}`, runtime);
}

function truncate(length: number, value: string): string {
  const size = byteLength(value);
  if (length < 0) return size + length > 0 ? byteSlice(value, size + length, size) : value;
  return size > length ? byteSlice(value, 0, length) : value;
}

function substring(start: number, end: number, value: string): string {
  const size = byteLength(value);
  if (start < 0) return byteSlice(value, 0, end);
  return byteSlice(value, start, end < 0 || end > size ? size : end);
}

/** A map `_0`, `_1` … of the parts of a text. */
function numbered(parts: readonly string[]): Value {
  return new Map(parts.map((part, index) => [`_${index}`, part]));
}

function split(separator: string, value: string): readonly string[] {
  return separator === "" ? signsOf(value) : value.split(separator);
}

function splitAtMost(separator: string, count: number, value: string): readonly string[] {
  if (count === 0) return [];
  const parts = split(separator, value);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

function initials(value: string): string {
  return trimSpace(value)
    .split(ANY_SPACE)
    .map((word) => signsOf(word)[0] ?? "")
    .join("");
}

const trimming: FunctionMap = functionMap({
  trim: unary(text, trimSpace),
  trimAll: binary(text, text, trimSigns),
  trimall: binary(text, text, trimSigns),
  trimPrefix: binary(text, text, (prefix, value) => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  trimSuffix: binary(text, text, (suffix, value) =>
    suffix !== "" && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  ),
  nospace: unary(text, (value) => value.replace(ANY_SPACE, "")),
});

const cases: FunctionMap = functionMap({
  upper: unary(text, (value) => value.toUpperCase()),
  lower: unary(text, (value) => value.toLowerCase()),
  title: unary(text, titleCase),
  untitle: unary(text, (value) =>
    value.replace(/(^|\s)(\p{L})/gu, (_, before: string, first: string) => before + first.toLowerCase()),
  ),
  swapcase: unary(text, swapCase),
  snakecase: unary(text, snakeCase),
  camelcase: unary(text, pascalCase),
  kebabcase: unary(text, kebabCase),
  initials: unary(text, initials),
});

const parts: FunctionMap = functionMap({
  substr: ternary(integer, integer, text, substring),
  trunc: binary(integer, text, truncate),
  abbrev: binary(integer, text, abbreviate),
  contains: binary(text, text, (part, value) => value.includes(part)),
  hasPrefix: binary(text, text, (prefix, value) => value.startsWith(prefix)),
  hasSuffix: binary(text, text, (suffix, value) => value.endsWith(suffix)),
  split: binary(text, text, (separator, value) => numbered(split(separator, value))),
  splitn: ternary(text, integer, text, (separator, count, value) => numbered(splitAtMost(separator, count, value))),
  splitList: binary(text, text, split),
  join: binary(text, anything, (separator, value, runtime) => {
    const texts = textsOf(value, runtime);
    runtime.checkSize(texts.reduce((size, part) => size + part.length + separator.length, 0));
    return texts.join(separator);
  }),
});

const building: FunctionMap = functionMap({
  repeat: binary(integer, text, (count, value, runtime) => repeated(value, count, runtime)),
  replace: ternary(text, text, text, (search, replacement, value, runtime) =>
    replacedAll(value, search, replacement, runtime),
  ),
  plural: ternary(text, text, integer, (one, many, count) => (count === 1 ? one : many)),
  wrap: binary(integer, text, (width, value) => wrap(value, width, "\n", false)),
  wrapWith: ternary(integer, text, text, (width, separator, value) => wrap(value, width, separator, true)),
  indent: binary(integer, text, indent),
  nindent: binary(integer, text, (spaces, value, runtime) => `\n${indent(spaces, value, runtime)}`),
  quote: variadic(0, anything, (values, runtime) =>
    values
      .filter((value) => value !== null)
      .map((value) => quoteGo(textOfValue(value, runtime)))
      .join(" "),
  ),
  squote: variadic(0, anything, (values, runtime) =>
    values
      .filter((value) => value !== null)
      .map((value) => `'${printValue(value, runtime.charge)}'`)
      .join(" "),
  ),
  cat: variadic(0, anything, (values, runtime) =>
    values
      .filter((value) => value !== null)
      .map((value) => printValue(value, runtime.charge))
      .join(" "),
  ),
  toString: unary(anything, textOfValue),
  toStrings: unary(anything, textsOf),
});

/** Sprig's functions of texts. */
export const stringFunctions: FunctionMap = new Map([...trimming, ...cases, ...parts, ...building]);
