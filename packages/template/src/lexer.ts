import type { Failure } from "./place.ts";

/** What a token is. `space` matters: `.a .b` are two operands, `.a.b` is one. */
export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "space"
  | "identifier"
  | "keyword"
  | "field"
  | "dot"
  | "variable"
  | "number"
  | "char"
  | "string"
  | "boolean"
  | "nil"
  | "pipe"
  | "declare"
  | "assign"
  | "comma"
  | "leftParen"
  | "rightParen"
  | "end of template";

/** A piece of a template. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset of its first unit in the source. */
  readonly at: number;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);

const COMMENT_START = /\{\{(?:-[ \t\r\n])?\/\*/y;
const COMMENT_END = /(?:[ \t\r\n]-)?\}\}/y;
const CLOSE = /(?:[ \t\r\n]-)?\}\}/y;
const SPACE = /[ \t\r\n]+/y;
const SPACES_BEFORE_TRIM = /[ \t\r\n]-\}\}/y;
const WORD = /[_\p{L}\p{Nd}]+/uy;
const NUMBER =
  /[+-]?(?:0[xX][\da-fA-F_]*\.?[\da-fA-F_]*(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*|0[bB][01_]*|[\d_]*\.?[\d_]*(?:[eE][+-]?[\d_]*)?)/y;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y;
const RAW_STRING = /`[^`]*`/y;
const CHAR = /'(?:[^'\\\n]|\\[^\n])*'/y;
/** What may follow a name, a field or a variable. */
const TERMINATOR = /[ \t\r\n.,|:)(]|\}\}|$/y;
const BLANK_END = /[ \t\r\n]+$/;
const BLANK_START = /^[ \t\r\n]+/;

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/**
 * Cuts a template into tokens, by the rules of Go's text/template/parse. Comments are dropped, and the blanks that trim
 * markers remove are gone from the text tokens.
 *
 * @param fail makes and throws the error for an offset
 */
export function tokenize(source: string, fail: Failure): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimStart = false;
  for (;;) {
    const open = source.indexOf("{{", at);
    const raw = source.slice(at, open < 0 ? source.length : open);
    const trimEnd = open >= 0 && /^-[ \t\r\n]/.test(source.slice(open + 2, open + 4));
    pushText(tokens, raw, at, trimStart, trimEnd);
    if (open < 0) break;
    const end =
      match(COMMENT_START, source, open) === undefined
        ? lexAction(source, open, trimEnd ? open + 3 : open + 2, tokens, fail)
        : skipComment(source, open, fail);
    at = end;
    trimStart = source.charAt(end - 3) === "-" && /[ \t\r\n]/.test(source.charAt(end - 4));
  }
  tokens.push({ kind: "end of template", text: "", at: source.length });
  return tokens;
}

function pushText(tokens: Token[], raw: string, at: number, trimStart: boolean, trimEnd: boolean): void {
  const blanks = trimStart ? (BLANK_START.exec(raw)?.[0].length ?? 0) : 0;
  const kept = raw.slice(blanks);
  const text = trimEnd ? kept.replace(BLANK_END, "") : kept;
  if (text !== "") tokens.push({ kind: "text", text, at: at + blanks });
}

function skipComment(source: string, open: number, fail: Failure): number {
  const close = source.indexOf("*/", source.indexOf("/*", open) + 2);
  if (close < 0) return fail(open, "the comment is not closed: expected */}}");
  const end = match(COMMENT_END, source, close + 2);
  if (end === undefined) return fail(close + 2, "a comment must end with */}} or */ -}}, and hold nothing else");
  return close + 2 + end.length;
}

function lexAction(source: string, open: number, start: number, tokens: Token[], fail: Failure): number {
  tokens.push({ kind: "open", text: "{{", at: open });
  const parentheses: number[] = [];
  let at = start;
  for (;;) {
    const close = match(CLOSE, source, at);
    if (close !== undefined) {
      const unclosed = parentheses.at(-1);
      if (unclosed !== undefined) return fail(unclosed, "the parenthesis is not closed: expected )");
      tokens.push({ kind: "close", text: "}}", at });
      return at + close.length;
    }
    if (at >= source.length) return fail(open, "the action is not closed: expected }}");
    const token = match(SPACE, source, at) === undefined ? lexToken(source, at, fail) : lexSpace(source, at);
    if (token.kind === "leftParen") parentheses.push(at);
    if (token.kind === "rightParen" && parentheses.pop() === undefined)
      return fail(at, "a right parenthesis without a left one");
    tokens.push(token);
    at = token.at + token.text.length;
  }
}

/** Leaves the last blank to a trim marker that follows. */
function lexSpace(source: string, at: number): Token {
  const text = match(SPACE, source, at) ?? "";
  const isTrim = match(SPACES_BEFORE_TRIM, source, at + text.length - 1) !== undefined;
  return { kind: "space", text: isTrim ? text.slice(0, -1) : text, at };
}

const SIGNS: ReadonlyMap<string, TokenKind> = new Map([
  ["=", "assign"],
  ["|", "pipe"],
  [",", "comma"],
  ["(", "leftParen"],
  [")", "rightParen"],
]);

function lexToken(source: string, at: number, fail: Failure): Token {
  const first = source.charAt(at);
  const sign = SIGNS.get(first);
  if (sign !== undefined) return { kind: sign, text: first, at };
  if (source.startsWith(":=", at)) return { kind: "declare", text: ":=", at };
  if (first === '"')
    return lexQuoted("string", STRING, 'the text is not closed: expected a closing "', source, at, fail);
  if (first === "`")
    return lexQuoted("string", RAW_STRING, "the raw text is not closed: expected a closing `", source, at, fail);
  if (first === "'")
    return lexQuoted("char", CHAR, "the character is not closed: expected a closing '", source, at, fail);
  if (first === "$") return lexName("variable", source, at, fail);
  if (first === "." && !/\d/.test(source.charAt(at + 1))) return lexName("field", source, at, fail);
  if (/[.+\-\d]/.test(first)) return lexNumber(source, at, fail);
  if (match(WORD, source, at) !== undefined) return lexWord(source, at, fail);
  return fail(at, `unexpected ${JSON.stringify(String.fromCodePoint(source.codePointAt(at) ?? 0))} in an action`);
}

function lexQuoted(
  kind: TokenKind,
  pattern: RegExp,
  problem: string,
  source: string,
  at: number,
  fail: Failure,
): Token {
  const text = match(pattern, source, at);
  return text === undefined ? fail(at, problem) : { kind, text, at };
}

function lexName(kind: "field" | "variable", source: string, at: number, fail: Failure): Token {
  const name = match(WORD, source, at + 1) ?? "";
  const text = source.charAt(at) + name;
  checkTerminator(source, at + text.length, text, fail);
  return { kind: text === "." ? "dot" : kind, text, at };
}

function lexNumber(source: string, at: number, fail: Failure): Token {
  const text = match(NUMBER, source, at) ?? "";
  if (text.length === 0 || match(WORD, source, at + text.length) !== undefined) {
    return fail(at, `"${text}${match(WORD, source, at + text.length) ?? ""}" is not a number`);
  }
  return { kind: "number", text, at };
}

function lexWord(source: string, at: number, fail: Failure): Token {
  const text = match(WORD, source, at) ?? "";
  checkTerminator(source, at + text.length, text, fail);
  if (KEYWORDS.has(text)) return { kind: "keyword", text, at };
  if (text === "true" || text === "false") return { kind: "boolean", text, at };
  return { kind: text === "nil" ? "nil" : "identifier", text, at };
}

function checkTerminator(source: string, at: number, before: string, fail: Failure): void {
  if (match(TERMINATOR, source, at) !== undefined) return;
  const sign = String.fromCodePoint(source.codePointAt(at) ?? 0);
  fail(at, `unexpected ${JSON.stringify(sign)} after "${before}": expected a blank, a dot or the end of the action`);
}
