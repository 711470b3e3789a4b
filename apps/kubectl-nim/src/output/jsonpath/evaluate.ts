import { SlipwayError, isTreeList, isTreeMap, kindOf, own, type Tree } from "@slipway/base";
import { keysOf } from "../json-text.ts";
import type { Literal, Operand, Operator, PathNode } from "./nodes.ts";

/**
 * What an expression finds, in order. What is missing is left out; an index beyond the end, or of what is no list, is an
 * error, as it is for kubectl.
 *
 * @throws SlipwayError USAGE
 */
export function evaluate(path: readonly PathNode[], from: Tree): readonly Tree[] {
  return path.reduce<readonly Tree[]>((values, node) => step(node, values), [from]);
}

function step(node: PathNode, values: readonly Tree[]): readonly Tree[] {
  if (node.kind === "union")
    return node.paths.flatMap((path) => path.reduce<readonly Tree[]>((found, inner) => step(inner, found), values));
  return values.flatMap((value) => stepOne(node, value));
}

function stepOne(node: Exclude<PathNode, { readonly kind: "union" }>, value: Tree): readonly Tree[] {
  if (node.kind === "field") return fieldOf(value, node.name);
  if (node.kind === "every") return childrenOf(value);
  if (node.kind === "descend") return descend(value);
  if (node.kind === "item") return value === null ? [] : itemOf(listOf(value), node.index);
  if (node.kind === "slice") return sliceOf(listOf(value), node);
  return listOf(value).filter((item) => holds(node, item));
}

function fieldOf(value: Tree, name: string): readonly Tree[] {
  if (name === "") return [value];
  const found = isTreeMap(value) ? own(value, name) : undefined;
  return found === undefined ? [] : [found];
}

function childrenOf(value: Tree): readonly Tree[] {
  if (isTreeList(value)) return value;
  return isTreeMap(value) ? keysOf(value).map((key) => value[key] ?? null) : [];
}

function descend(value: Tree): readonly Tree[] {
  return [value, ...childrenOf(value).flatMap(descend)];
}

function listOf(value: Tree): readonly Tree[] {
  if (value === null) return [];
  if (isTreeList(value)) return value;
  throw new SlipwayError("USAGE", `the JSONPath expects a list where it finds ${kindOf(value)}`);
}

function itemOf(list: readonly Tree[], index: number): readonly Tree[] {
  const item = list.at(index);
  if (item !== undefined) return [item];
  throw new SlipwayError("USAGE", `the JSONPath asks for item ${index} of a list of ${list.length}`);
}

function sliceOf(
  list: readonly Tree[],
  { from = 0, to = list.length, step: every = 1 }: Extract<PathNode, { readonly kind: "slice" }>,
): readonly Tree[] {
  return list.slice(from, to).filter((_, index) => index % every === 0);
}

function holds(filter: { left: Operand; operator: Operator; right: Operand }, item: Tree): boolean {
  const lefts = valuesOf(filter.left, item);
  if (filter.operator === "exists") return lefts.length > 0;
  const [left] = lefts;
  const [right] = valuesOf(filter.right, item);
  return left !== undefined && right !== undefined && compares(filter.operator, left, right);
}

function valuesOf(operand: Operand, item: Tree): readonly Tree[] {
  return operand.kind === "literal" ? [operand.value] : evaluate(operand.path, item);
}

/** Values of different kinds are neither equal nor in any order. */
function compares(operator: Exclude<Operator, "exists">, left: Tree, right: Tree): boolean {
  if (!isLiteral(left) || !isLiteral(right) || typeof left !== typeof right) return operator === "!=";
  return COMPARE[operator](left, right);
}

const COMPARE: Readonly<Record<Exclude<Operator, "exists">, (left: Literal, right: Literal) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

function isLiteral(value: Tree): value is Literal {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
