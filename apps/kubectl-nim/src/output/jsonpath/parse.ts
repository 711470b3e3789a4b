import { parseAction, type Action } from "./parse-action.ts";
import type { PathNode, TemplateNode } from "./nodes.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Reads a template in kubectl's dialect of JSONPath: text, and in braces expressions, texts in quotes, `range` and `end`
 * (Kubernetes documentation, "JSONPath Support").
 *
 * @throws SlipwayError USAGE that names what cannot be read and where
 */
export function parseTemplate(template: string): readonly TemplateNode[] {
  const actions = partsOf(template);
  const { nodes, next } = blockOf(template, actions, 0);
  if (next < actions.length) throw unreadable(template, "{end} has no {range} before it");
  return nodes;
}

/** Reads up to the `end` that closes a block, or up to the end of all. */
function blockOf(
  template: string,
  actions: readonly Action[],
  from: number,
): { readonly nodes: readonly TemplateNode[]; readonly next: number } {
  const nodes: TemplateNode[] = [];
  let at = from;
  for (let action = actions[at]; action !== undefined && action.kind !== "end"; action = actions[at]) {
    at += 1;
    if (action.kind !== "range") {
      nodes.push(action);
      continue;
    }
    const inner = blockOf(template, actions, at);
    if (inner.next >= actions.length) throw unreadable(template, "{range} has no {end} behind it");
    nodes.push({ kind: "range", path: action.path, body: inner.nodes });
    at = inner.next + 1;
  }
  return { nodes, next: at };
}

/**
 * Reads one expression as `--sort-by` and `custom-columns` take it: with or without braces and without or with the dot at
 * its start.
 *
 * @throws SlipwayError USAGE
 */
export function parseExpression(text: string): readonly PathNode[] {
  const found = bareExpression(text);
  const [first, ...more] = found === "" ? [] : parseAction(text, /^[.[]/.test(found) ? found : `.${found}`);
  if (first?.kind !== "path" || more.length > 0) throw unreadable(text, "no expression such as .metadata.name");
  return first.path;
}

function bareExpression(text: string): string {
  const braces = /^\s*\{([^{}]*)\}\s*$/.exec(text);
  const inner = braces === null ? text : (braces[1] ?? "");
  return inner.includes("{") ? "" : inner.trim().replace(/^[$@]/, "");
}

function partsOf(template: string): readonly Action[] {
  const parts: Action[] = [];
  for (let at = 0; at < template.length;) {
    const start = template.indexOf("{", at);
    const text = template.slice(at, start < 0 ? undefined : start);
    if (text !== "") parts.push({ kind: "text", text });
    if (start < 0) break;
    const end = endOfAction(template, start + 1);
    parts.push(...parseAction(template, template.slice(start + 1, end)));
    at = end + 1;
  }
  return parts;
}

/** Where the brace of an action is closed; braces in quotes do not count. */
function endOfAction(template: string, from: number): number {
  let quote = "";
  for (let at = from; at < template.length; at++) {
    const sign = template.charAt(at);
    if (sign === "\\") at++;
    else if (quote !== "") quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "}") return at;
  }
  throw unreadable(template, quote === "" ? `"{" is not closed` : `a text in ${quote} is not closed`);
}
