import { isTreeList, isTreeMap, type Tree } from "./tree.ts";
import { layOut } from "./yaml-layout.ts";

/** How YAML is laid out. */
export interface YamlLayout {
  /** Whether the dash of a list stands below its key or one level in. Default "indented"; Helm's toYaml is "flush". */
  readonly lists?: "indented" | "flush";
  /** Spaces of one level. Default 2. */
  readonly indent?: number;
}

/**
 * Writes a document as YAML the way Go's yaml.v3 does: no folding, text that YAML 1.1 would read as another type in
 * double quotes, other awkward text in single quotes.
 *
 * @returns text that ends with a newline; map keys keep their order (see {@link sortedTree})
 */
export function writeYaml(value: Tree, layout: YamlLayout = {}): string {
  const lines = layOut(value, { indent: layout.indent ?? 2, flush: layout.lists === "flush" }, 0);
  return `${lines.join("\n")}\n`;
}

/** A copy with the keys of every map in natural order: digits as numbers, other signs first, upper before lower case. */
export function sortedTree(value: Tree): Tree {
  if (isTreeList(value)) return value.map(sortedTree);
  if (!isTreeMap(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => compareNatural(left, right));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortedTree(child)]));
}

const LETTERS = /^[A-Za-z]*$/;

/** The order in which Go's yaml.v3 writes map keys. */
export function compareNatural(left: string, right: string): number {
  // Letters alone, as most keys are, sort as text.
  if (LETTERS.test(left) && LETTERS.test(right)) return compareText(left, right);
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
