import type { Literal, Operand, Operator, PathNode } from "./nodes.ts";
import { unreadable } from "./unreadable.ts";

/** What stands in one pair of braces. */
export type Action =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "path"; readonly path: readonly PathNode[] }
  | { readonly kind: "range"; readonly path: readonly PathNode[] }
  | { readonly kind: "end" };

const QUOTED = /^\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/;
const NUMBER = /^\s*([+-]?\d+(?:\.\d+)?)(?![\w.])/;
const WORD = /^\s*([A-Za-z]\w*)/;
/** A key, in which a backslash takes a sign for itself. */
const FIELD = /^\.((?:\\.|[^\\\s.,[\]$@{}()=!<>&|~])*)/;
const DEEP_FIELD = /^\.\.((?:\\.|[^\\\s.,[\]$@{}()=!<>&|~*])*)/;
const ROOT = /^\s*[$@]/;

/**
 * Reads what stands in braces.
 *
 * @param template the whole, for messages
 */
export function parseAction(template: string, inside: string): readonly Action[] {
  // Nothing in braces is the whole.
  const actions: Action[] = inside.trim() === "" ? [{ kind: "path", path: [] }] : [];
  let rest = inside;
  while (rest.trim() !== "") {
    const { action, left } = nextAction(template, rest);
    actions.push(action);
    rest = left;
  }
  return actions;
}

function nextAction(template: string, rest: string): { readonly action: Action; readonly left: string } {
  const quoted = QUOTED.exec(rest);
  if (quoted !== null) return { action: { kind: "text", text: unquote(quoted) }, left: rest.slice(quoted[0].length) };
  const number = NUMBER.exec(rest);
  if (number !== null)
    return { action: { kind: "text", text: String(Number(number[1])) }, left: rest.slice(number[0].length) };
  const word = WORD.exec(rest);
  if (word !== null) return wordAction(template, word[1] ?? "", rest.slice(word[0].length));
  const { path, left } = pathOf(template, rest);
  return { action: { kind: "path", path }, left };
}

function wordAction(template: string, word: string, rest: string): { readonly action: Action; readonly left: string } {
  if (word === "end") return { action: { kind: "end" }, left: rest };
  if (word === "true" || word === "false") return { action: { kind: "text", text: word }, left: rest };
  if (word !== "range")
    throw unreadable(template, `"${word}" is none of range, end, true and false; a field starts with a dot`);
  const { path, left } = pathOf(template, rest);
  return { action: { kind: "range", path }, left };
}

/** Reads an expression as far as it goes. */
function pathOf(template: string, text: string): { readonly path: readonly PathNode[]; readonly left: string } {
  const path: PathNode[] = [];
  let rest = text.trimStart();
  const root = ROOT.exec(rest);
  if (root !== null) {
    rest = rest.slice(root[0].length);
    path.push({ kind: "field", name: "" });
  }
  for (;;) {
    const step = stepOf(template, rest);
    if (step === undefined) break;
    path.push(...step.nodes);
    rest = step.left;
  }
  if (path.length === 0) throw unreadable(template, `what is ${JSON.stringify(rest.charAt(0))}?`);
  return { path, left: rest };
}

interface Step {
  readonly nodes: readonly PathNode[];
  readonly left: string;
}

function stepOf(template: string, rest: string): Step | undefined {
  const deep = DEEP_FIELD.exec(rest);
  if (deep !== null) {
    const name = unescape(deep[1] ?? "");
    const field: readonly PathNode[] = name === "" ? [] : [{ kind: "field", name }];
    return { nodes: [{ kind: "descend" }, ...field], left: rest.slice(deep[0].length) };
  }
  const field = FIELD.exec(rest);
  if (field !== null) {
    const name = unescape(field[1] ?? "");
    return { nodes: [name === "*" ? { kind: "every" } : { kind: "field", name }], left: rest.slice(field[0].length) };
  }
  return rest.startsWith("[") ? bracketOf(template, rest) : undefined;
}

function bracketOf(template: string, rest: string): Step {
  const end = endOfBracket(template, rest);
  const inside = rest.slice(1, end).trim();
  const left = rest.slice(end + 1);
  const filter = /^\?\((?<condition>.*)\)$/s.exec(inside);
  if (filter !== null) return { nodes: [filterOf(template, filter.groups?.["condition"] ?? "")], left };
  const parts = splitUnion(inside);
  const nodes = parts.map((part) => bracketNode(template, part.trim()));
  if (nodes.length === 1) return { nodes, left };
  return { nodes: [{ kind: "union", paths: nodes.map((node) => [node]) }], left };
}

const SLICE = /^(-?\d+)?(?::(-?\d+)?)?(?::(-?\d+)?)?$/;

function bracketNode(template: string, part: string): PathNode {
  if (part === "*") return { kind: "every" };
  const key = /^'((?:[^'\\]|\\.)*)'$/.exec(part) ?? /^"((?:[^"\\]|\\.)*)"$/.exec(part);
  if (key !== null) return { kind: "field", name: unescape(key[1] ?? "") };
  const slice = part === "" ? null : SLICE.exec(part);
  if (slice === null) throw unreadable(template, `what is [${part}]? An index, a slice, a 'key' or a filter`);
  const [from, to, step] = slice.slice(1).map((text: string | undefined) => (text ? Number(text) : undefined));
  if (!part.includes(":")) return { kind: "item", index: from ?? 0 };
  if (step !== undefined && step < 1) throw unreadable(template, "the step of a slice must be 1 or more");
  return { kind: "slice", from, to, step };
}

/** Where a bracket is closed that stands at the start; brackets in quotes do not count. */
function endOfBracket(template: string, rest: string): number {
  let depth = 0;
  for (let at = 0; at < rest.length; at++) {
    const quoted = QUOTED.exec(rest.slice(at));
    if (quoted !== null && /["']/.test(rest.charAt(at))) at += quoted[0].length - 1;
    else if (rest.charAt(at) === "[") depth++;
    else if (rest.charAt(at) === "]" && --depth === 0) return at;
  }
  throw unreadable(template, `"[" is not closed`);
}

function splitUnion(inside: string): readonly string[] {
  return inside.match(/(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,'"])+/g) ?? [""];
}

const COMPARISON =
  /^(?<left>(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^!<>="'])+)(?<operator>==|!=|<=|>=|<|>)(?<right>.+)$/s;

function filterOf(template: string, condition: string): PathNode {
  const outside = condition.replaceAll(/"[^"]*"|'[^']*'/g, "");
  if (/&&|\|\|/.test(outside)) throw unreadable(template, "a filter compares two values; && and || do not exist");
  const match = COMPARISON.exec(condition);
  const { left = condition, operator, right = "" } = match?.groups ?? {};
  if (match === null && /[!<>=]/.test(outside)) throw unreadable(template, "filters know ==, !=, <, <=, > and >=");
  return {
    kind: "filter",
    left: operandOf(template, left),
    operator: OPERATORS.find((known) => known === operator) ?? "exists",
    right: match === null ? { kind: "literal", value: true } : operandOf(template, right),
  };
}

const OPERATORS: readonly Operator[] = ["==", "!=", "<", "<=", ">", ">="];

function operandOf(template: string, text: string): Operand {
  const value = literalOf(text.trim());
  if (value !== undefined) return { kind: "literal", value };
  const { path, left } = pathOf(template, text);
  if (left.trim() !== "") throw unreadable(template, `what is ${JSON.stringify(left.trim())}?`);
  return { kind: "path", path };
}

function literalOf(text: string): Literal | undefined {
  const quoted = QUOTED.exec(text);
  if (quoted?.[0].length === text.length) return unquote(quoted);
  if (text === "true" || text === "false") return text === "true";
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function unquote(match: RegExpExecArray): string {
  return (match[1] ?? match[2] ?? "").replaceAll(/\\(.)/gs, (_, sign: string) => ESCAPES.get(sign) ?? sign);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
]);

function unescape(key: string): string {
  return key.replaceAll(/\\(.)/gs, "$1");
}
