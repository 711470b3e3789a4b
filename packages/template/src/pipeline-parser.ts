import { UnknownFunctionError } from "./function-error.ts";
import { didYouMean } from "@slipway/base";
import type { Token, TokenKind } from "./lexer.ts";
import { charLiteral, numberLiteral } from "./literals.ts";
import type { Command, Expression, Pipeline } from "./nodes.ts";
import { unquoteGo } from "./quote.ts";
import { describeToken, type TokenReader } from "./token-reader.ts";

/** How deep parentheses and control structures may nest in a template. */
export const MAX_NESTING = 100;

/** What a pipeline may refer to. */
export interface Scope {
  readonly functions: { has(name: string): boolean; keys(): Iterable<string> };
  /** The variables in reach; the parser of control structures cuts the list back at `end`. */
  readonly variables: string[];
  depth: number;
}

const OPERANDS: ReadonlySet<TokenKind> = new Set([
  "boolean",
  "char",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "string",
  "variable",
  "leftParen",
]);

/**
 * Parses `$variables := command | command` up to and including `end`.
 *
 * @param context the construct that it belongs to, for errors; only a range may set two variables
 */
export function parsePipeline(
  reader: TokenReader,
  scope: Scope,
  context: string,
  end: "close" | "rightParen",
): Pipeline {
  const at = reader.peekWord().at;
  const { variables, assigns } = parseVariables(reader, scope, context);
  const commands: Command[] = [];
  for (;;) {
    const token = reader.peekWord();
    if (token.kind === end) {
      reader.next();
      break;
    }
    if (!OPERANDS.has(token.kind)) reader.unexpected(token, `a value or a function for ${context}`);
    commands.push(parseCommand(reader, scope));
  }
  if (commands.length === 0) reader.fail(at, `${context} has no value: expected a value or a function`);
  for (const { first } of commands.slice(1)) {
    if (first.kind === "literal" || first.kind === "nil" || first.kind === "dot") {
      reader.fail(first.at, "a value cannot take what is piped into it: expected a function");
    }
  }
  return { at, variables, assigns, commands };
}

interface Variables {
  readonly variables: readonly string[];
  readonly assigns: boolean;
}

/** Looks ahead: a variable may start an assignment, or just be the first operand. */
function parseVariables(reader: TokenReader, scope: Scope, context: string): Variables {
  const first = reader.peekWord();
  if (first.kind !== "variable") return { variables: [], assigns: false };
  const blanks = reader.peek(1).kind === "space" ? 2 : 1;
  const sign = reader.peek(blanks).kind;
  if (sign === "comma") return parseTwoVariables(reader, scope, context);
  if (sign !== "declare" && sign !== "assign") return { variables: [], assigns: false };
  reader.next();
  reader.nextWord();
  return bind(reader, scope, [first], sign === "assign");
}

function parseTwoVariables(reader: TokenReader, scope: Scope, context: string): Variables {
  const first = reader.nextWord();
  const comma = reader.nextWord();
  if (context !== "range") reader.fail(comma.at, `only range sets two variables, ${context} sets one`);
  const second = reader.expect("variable", "a second variable, as in {{ range $key, $value := . }}");
  const sign = reader.nextWord();
  if (sign.kind !== "declare" && sign.kind !== "assign") reader.unexpected(sign, '":=" after the variables of range');
  return bind(reader, scope, [first, second], sign.kind === "assign");
}

function bind(reader: TokenReader, scope: Scope, tokens: readonly Token[], assigns: boolean): Variables {
  if (assigns) for (const token of tokens) checkVariable(reader, scope, token);
  else scope.variables.push(...tokens.map((token) => token.text));
  return { variables: tokens.map((token) => token.text), assigns };
}

function checkVariable(reader: TokenReader, scope: Scope, token: Token): void {
  if (scope.variables.includes(token.text)) return;
  const named = scope.variables.filter((name) => name !== "$");
  const hint = didYouMean(token.text, named) ?? `Declare it with {{ ${token.text} := … }} first.`;
  reader.fail(token.at, `undefined variable "${token.text}"`, hint);
}

function parseCommand(reader: TokenReader, scope: Scope): Command {
  const at = reader.peekWord().at;
  const operands: Expression[] = [];
  for (;;) {
    if (OPERANDS.has(reader.peekWord().kind)) operands.push(parseOperand(reader, scope));
    const after = reader.peek();
    if (after.kind === "space") continue;
    if (after.kind === "pipe") {
      reader.next();
      const next = reader.peekWord();
      if (!OPERANDS.has(next.kind)) reader.unexpected(next, 'a function after "|"');
    } else if (after.kind !== "close" && after.kind !== "rightParen") {
      reader.unexpected(after, 'a blank, "|" or the end of the action');
    }
    break;
  }
  const [first, ...rest] = operands;
  return first === undefined
    ? reader.fail(at, "an empty command: expected a value or a function")
    : { at, first, rest };
}

function parseOperand(reader: TokenReader, scope: Scope): Expression {
  const token = reader.nextWord();
  const term = parseTerm(reader, scope, token);
  const names: string[] = [];
  while (reader.peek().kind === "field") names.push(reader.next().text.slice(1));
  if (names.length === 0) return term;
  if (term.kind === "field" || term.kind === "variable") return { ...term, names: [...term.names, ...names] };
  if (term.kind === "literal" || term.kind === "nil" || term.kind === "dot") {
    return reader.fail(token.at, `${describeToken(token)} has no fields`);
  }
  return { kind: "chain", at: token.at, inner: term, names };
}

function parseTerm(reader: TokenReader, scope: Scope, token: Token): Expression {
  const { kind, at, text } = token;
  if (kind === "identifier") return parseFunction(reader, scope, token);
  if (kind === "dot" || kind === "nil") return { kind, at };
  if (kind === "field") return { kind, at, names: [text.slice(1)] };
  if (kind === "leftParen") return parseParentheses(reader, scope, at);
  if (kind !== "variable") return parseLiteral(reader, token);
  checkVariable(reader, scope, token);
  return { kind, at, name: text, names: [] };
}

function parseFunction(reader: TokenReader, scope: Scope, { at, text }: Token): Expression {
  if (scope.functions.has(text)) return { kind: "function", at, name: text };
  const message = `unknown function "${text}"`;
  return reader.fail(at, message, didYouMean(text, scope.functions.keys()), new UnknownFunctionError(message));
}

function parseParentheses(reader: TokenReader, scope: Scope, at: number): Expression {
  if (++scope.depth > MAX_NESTING) reader.fail(at, `parentheses and blocks nest deeper than ${MAX_NESTING} levels`);
  const pipeline = parsePipeline(reader, scope, "a pipeline in parentheses", "rightParen");
  scope.depth--;
  return { kind: "pipeline", at, pipeline };
}

function parseLiteral(reader: TokenReader, token: Token): Expression {
  const { kind, at, text } = token;
  if (kind === "boolean") return { kind: "literal", at, value: text === "true" };
  if (kind === "number") {
    const number = numberLiteral(text);
    return "value" in number ? { kind: "literal", at, value: number.value } : reader.fail(at, number.problem);
  }
  const value = kind === "char" ? charLiteral(text) : unquoteGo(text);
  if (value !== undefined) return { kind: "literal", at, value };
  return reader.fail(at, `${text} is not valid: expected a text with Go's escapes, or one character in single quotes`);
}
