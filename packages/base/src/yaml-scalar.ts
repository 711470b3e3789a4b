import { DEFAULT_SCALAR_STYLE_RULES, DUMP_SCHEMA, SCALAR_STYLE, dump, strTag, type ScalarLayout } from "js-yaml";
import { isTreeList, isTreeMap, type Tree } from "./tree.ts";
import { WRITE_SCHEMA } from "./yaml-schema.ts";

/** Text that may stand without quotes wherever it is, if it is not read as another type. */
const PLAIN = /^[A-Za-z0-9_/.](?:[\x21-\x39\x3b-\x7e]|:(?=[\x21-\x7e])| (?=[\x21\x22\x24-\x39\x3b-\x7e]))*$/;

/** Printable text on one line that a sign at its start, or a colon or hash before or behind a space, keeps from being plain. */
const QUOTED = /^(?=[\x21-\x7e]+(?: +[\x21-\x7e]+)*$)(?:[>&*!|%@`"'#{}[\],].*|.*(?:: | #).*)$/;

/**
 * A scalar, or an empty list or map, as it stands after `key: `, without a newline at its end; further lines have 2
 * spaces. Most are plain words, one quoted line or short numbers, which cost next to nothing; js-yaml writes all others,
 * and decides what these rules may say (a test compares them).
 */
export function writeScalar(value: Tree): string {
  if (typeof value === "string") return shortText(value) ?? dumpScalar(value);
  if (typeof value === "number") return isShortNumber(value) ? String(value) : dumpScalar(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isTreeList(value)) return value.length === 0 ? "[]" : dumpScalar(value);
  return isTreeMap(value) && Object.keys(value).length === 0 ? "{}" : dumpScalar(value);
}

function shortText(text: string): string | undefined {
  if (text === "") return '""';
  if (PLAIN.test(text)) return isMisread(text) ? `"${text}"` : text;
  return QUOTED.test(text) ? `'${text.replaceAll("'", "''")}'` : undefined;
}

/** A number that JavaScript prints with neither exponent nor the loss of a sign. */
function isShortNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0) && Math.abs(value) < 1e15 && !String(value).includes("e");
}

/** What js-yaml makes of the same value. */
export function dumpScalar(value: Tree): string {
  return dump({ k: value }, { schema: WRITE_SCHEMA, lineWidth: -1, scalarStyleRules: STYLE_RULES })
    .replace(/^k: /, "")
    .replace(/\n(?:\.\.\.\n)?$/, "");
}

/** Go's yaml.v3 writes what it would itself read as another type in double quotes; js-yaml would take single ones. */
function quoteMisread(layout: ScalarLayout): void {
  if (layout.style !== SCALAR_STYLE.PLAIN || layout.node.tag !== strTag.tagName) return;
  if (isMisread(layout.node.value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
}

const STYLE_RULES = [quoteMisread, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];

function isMisread(text: string): boolean {
  return DUMP_SCHEMA.resolveImplicitScalarTag(text).tag !== strTag;
}
