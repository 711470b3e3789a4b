import type { Token, TokenKind } from "./lexer.ts";
import type { Failure } from "./place.ts";

/** Walks over tokens, with the names that a person would use for them in errors. */
export class TokenReader {
  readonly fail: Failure;
  private readonly tokens: readonly Token[];
  private index = 0;

  constructor(tokens: readonly Token[], fail: Failure) {
    this.tokens = tokens;
    this.fail = fail;
  }

  /** The next token, blanks included; the last token is the end of the template, for ever. */
  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    return token ?? this.fail(0, "the template has no tokens");
  }

  next(): Token {
    const token = this.peek();
    this.index++;
    return token;
  }

  /** The next token that is not blank, without taking it; the blanks before it are taken. */
  peekWord(): Token {
    while (this.peek().kind === "space") this.index++;
    return this.peek();
  }

  nextWord(): Token {
    this.peekWord();
    return this.next();
  }

  /** Takes the next token when it is of the kind (and the text). */
  take(kind: TokenKind, text?: string): boolean {
    const token = this.peekWord();
    if (token.kind !== kind || (text !== undefined && token.text !== text)) return false;
    this.index++;
    return true;
  }

  /** Takes a token of the kind, or fails with what was expected. */
  expect(kind: TokenKind, expected: string): Token {
    const token = this.nextWord();
    return token.kind === kind ? token : this.unexpected(token, expected);
  }

  unexpected(token: Token, expected: string): never {
    return this.fail(token.at, `unexpected ${describeToken(token)}: expected ${expected}`);
  }
}

/** A token as an error shows it. */
export function describeToken(token: Token): string {
  if (token.kind === "end of template") return "end of the template";
  if (token.kind === "text") return "text";
  const shown = token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text;
  return token.kind === "string" ? shown : `"${shown}"`;
}
