import { DEFAULT_SCALAR_STYLE_RULES, DUMP_SCHEMA, SCALAR_STYLE, dump, strTag, type ScalarLayout } from "js-yaml";
import type { Tree } from "./tree.ts";
import { WRITE_SCHEMA } from "./yaml-schema.ts";

/** Text that may stand without quotes wherever it is, if it is not read as another type. */
const PLAIN = /^[A-Za-z0-9_/.](?:[\w./@%+~^()$=;<>*!-]|:(?=[\w/])| (?=[\w(/]))*$/;

/** Printable text on one line that a sign at its start, or a colon or hash before or behind a space, keeps from being plain. */
const QUOTED = /^(?=[\x21-\x7e]+(?: +[\x21-\x7e]+)*$)(?:[>&*!|%@`"'#{}[\],].*|.*(?:: | #).*)$/;

/**
 * A scalar, or an empty list or map, as it stands after `key: `, without a newline at its end; further lines have 2
 * spaces. Most are plain words or one quoted line, which cost next to nothing; js-yaml writes all others, and decides
 * what these two rules may say (a test compares them).
 */
export function writeScalar(value: Tree): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (typeof value === "string") {
    if (PLAIN.test(value)) return isMisread(value) ? `"${value}"` : value;
    if (QUOTED.test(value)) return `'${value.replaceAll("'", "''")}'`;
  }
  return dumpScalar(value);
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
