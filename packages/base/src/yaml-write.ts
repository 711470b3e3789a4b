import { DEFAULT_SCALAR_STYLE_RULES, SCALAR_STYLE, dump, strTag, type ScalarLayout } from "js-yaml";
import { isTreeList, isTreeMap, type Tree } from "./tree.ts";
import { WRITE_SCHEMA } from "./yaml-schema.ts";
import { writeWideYaml } from "./yaml-wide.ts";

/** How YAML is laid out. */
export interface YamlLayout {
  /** Whether the dash of a list stands below its key or one level in. Default "indented"; Helm's toYaml is "flush". */
  readonly lists?: "indented" | "flush";
  /** Spaces of one level. Default 2; with any other number lists are indented. */
  readonly indent?: number;
}

/**
 * Writes a document as YAML the way Go's yaml.v3 does: 2 spaces, no folding, text that YAML 1.1
 * would read as another type in double quotes, other awkward text in single quotes.
 *
 * @returns text that ends with a newline; map keys keep their order (see {@link sortedTree})
 */
export function writeYaml(value: Tree, layout: YamlLayout = {}): string {
  if (layout.indent !== undefined && layout.indent !== 2) {
    return `${writeWideYaml(value, layout.indent, writeScalar)}\n`;
  }
  return writeNarrow(value, layout);
}

function writeNarrow(value: Tree, layout: YamlLayout): string {
  return dump(value, {
    schema: WRITE_SCHEMA,
    indent: 2,
    seqNoIndent: layout.lists === "flush",
    lineWidth: -1,
    noRefs: true,
    scalarStyleRules: [quoteMisread, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
  });
}

/** A scalar as it stands after `key: `; most are plain words, which need no writer. */
function writeScalar(value: Tree): string {
  if (typeof value === "string" && /^[A-Za-z][\w./-]*$/.test(value) && !isMisread(value)) return value;
  return writeNarrow({ k: value }, {})
    .replace(/^k: /, "")
    .replace(/\n(?:\.\.\.\n)?$/, "");
}

/** A copy with the keys of every map in natural order: digits as numbers, other signs first, upper before lower case. */
export function sortedTree(value: Tree): Tree {
  if (isTreeList(value)) return value.map(sortedTree);
  if (!isTreeMap(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => compareNatural(left, right));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortedTree(child)]));
}

/** Go's yaml.v3 writes what it would itself read as another type in double quotes; js-yaml would take single ones. */
function quoteMisread(layout: ScalarLayout): void {
  if (layout.style !== SCALAR_STYLE.PLAIN || layout.node.tag !== strTag.tagName) return;
  if (isMisread(layout.node.value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
}

function isMisread(text: string): boolean {
  return WRITE_SCHEMA.resolveImplicitScalarTag(text).tag !== strTag;
}

/** The order in which Go's yaml.v3 writes map keys. */
export function compareNatural(left: string, right: string): number {
  const parts = /\d+|\D/gu;
  const leftParts = left.match(parts) ?? [];
  const rightParts = right.match(parts) ?? [];
  for (const [index, part] of leftParts.entries()) {
    const other = rightParts[index];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return leftParts.length - rightParts.length || compareText(left, right);
}

function comparePart(left: string, right: string): number {
  const [leftRank, rightRank] = [rankOf(left), rankOf(right)];
  if (leftRank !== rightRank) return leftRank - rightRank;
  return leftRank === 1 ? Number(left) - Number(right) : compareText(left, right);
}

function rankOf(part: string): number {
  if (/^\d/.test(part)) return 1;
  return /^\p{L}/u.test(part) ? 2 : 0;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
