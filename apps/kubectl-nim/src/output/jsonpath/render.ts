import { isTreeList, isTreeMap, type Tree } from "@slipway/base";
import { compactText } from "../json-text.ts";
import { evaluate } from "./evaluate.ts";
import type { PathNode, TemplateNode } from "./nodes.ts";

/** The text that a template makes of a value; what an expression finds stands one space apart. */
export function render(template: readonly TemplateNode[], value: Tree): string {
  return template.map((node) => renderNode(node, value)).join("");
}

/** Everything that the expressions of a template find. */
export function findAll(template: readonly TemplateNode[], value: Tree): readonly Tree[] {
  return template.flatMap((node) => {
    if (node.kind === "text") return [];
    const found = evaluate(node.path, value);
    return node.kind === "path" ? found : found.flatMap((item) => findAll(node.body, item));
  });
}

/** What an expression finds, as `custom-columns` shows it. */
export function findTexts(path: readonly PathNode[], value: Tree): readonly string[] {
  return evaluate(path, value).map(valueText);
}

function renderNode(node: TemplateNode, value: Tree): string {
  if (node.kind === "text") return node.text;
  const found = evaluate(node.path, value);
  if (node.kind === "path") return found.map(valueText).join(" ");
  return found.map((item) => render(node.body, item)).join("");
}

function valueText(value: Tree): string {
  if (isTreeList(value) || isTreeMap(value)) return compactText(value);
  if (typeof value === "number") return numberText(value);
  return String(value);
}

/** Go prints large numbers that are no integers of 64 bits with an exponent (`%v` of a float64). */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  return Math.abs(value) >= 1e21 || (value !== 0 && Math.abs(value) < 1e-4) || Number.isInteger(value)
    ? value.toExponential().replace(/e([+-])(\d)$/, "e$10$2")
    : String(value);
}
