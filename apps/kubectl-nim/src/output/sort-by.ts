import { SlipwayError, type TreeMap } from "@slipway/base";
import type { PathNode } from "./jsonpath/nodes.ts";
import { evaluate } from "./jsonpath/evaluate.ts";

/** What `--sort-by` says. */
export interface Order {
  readonly expression: string;
  readonly path: readonly PathNode[];
}

/** What an object is sorted by; nothing where the expression finds nothing. */
export type SortKey = string | number | bigint | boolean | undefined;

/**
 * What `--sort-by` compares of an object.
 *
 * @throws SlipwayError USAGE when the expression finds a list or a map
 */
export function sortKeyOf(path: readonly PathNode[], object: TreeMap): SortKey {
  const [found] = evaluate(path, object);
  if (found === undefined || found === null) return undefined;
  if (typeof found === "object")
    throw new SlipwayError("USAGE", "--sort-by finds a list or a map, and neither has an order", {
      hint: "Name one value, such as .metadata.creationTimestamp or .status.state.",
    });
  return found;
}

/**
 * Sorts by keys with kubectl's rules: those without a value come first, numbers as numbers, quantities such as `20Gi` by
 * their size, other text with the numbers in it as numbers. What is equal keeps its order.
 *
 * @throws SlipwayError USAGE when there are entries and none has a key
 */
export function sortedBy<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => SortKey,
  expression: string,
): readonly Entry[] {
  if (entries.length > 0 && entries.every((entry) => keyOf(entry) === undefined))
    throw new SlipwayError("USAGE", `--sort-by=${expression}: none of the objects has such a field`, {
      hint: "-o yaml shows the fields that they have; for example --sort-by=.metadata.creationTimestamp",
    });
  return entries.toSorted((left, right) => compareKeys(keyOf(left), keyOf(right)));
}

function compareKeys(left: SortKey, right: SortKey): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  if (typeof left === "string" && typeof right === "string") {
    const [a, b] = [quantityOf(left), quantityOf(right)];
    return a === undefined || b === undefined ? compareNaturally(left, right) : a - b;
  }
  if (typeof left === typeof right) return Number(left > right) - Number(left < right);
  return compareNaturally(String(left), String(right));
}

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;
const SIZES: ReadonlyMap<string, number> = new Map([
  ["n", 1e-9],
  ["u", 1e-6],
  ["m", 1e-3],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["P", 1e15],
  ["E", 1e18],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
  ["Pi", 2 ** 50],
  ["Ei", 2 ** 60],
]);

/** A quantity of the Kubernetes API as a number. */
function quantityOf(text: string): number | undefined {
  const [, number, suffix = "", exponent = "0"] = QUANTITY.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (SIZES.get(suffix) ?? 1) * 10 ** Number(exponent);
}

/** Runs of digits by their value, all else by its code units. */
function compareNaturally(left: string, right: string): number {
  const [lefts, rights] = [left.match(PARTS) ?? [], right.match(PARTS) ?? []];
  for (const [index, part] of lefts.entries()) {
    const other = rights[index];
    if (other === undefined) return 1;
    const order = /^\d/.test(part) && /^\d/.test(other) ? Number(part) - Number(other) : 0;
    if (order !== 0) return order;
    if (part !== other) return part < other ? -1 : 1;
  }
  return lefts.length - rights.length;
}

const PARTS = /\d+|\D+/g;
