import { tokenize, type Token } from "./lexer.ts";
import type { Branch, Node } from "./nodes.ts";
import { parsePipeline, MAX_NESTING, type Scope } from "./pipeline-parser.ts";
import type { Failure } from "./place.ts";
import { unquoteGo } from "./quote.ts";
import { TokenReader } from "./token-reader.ts";

/** The bodies of a template source: its own, and those of `define` and `block` by name. */
export interface Bodies {
  readonly root: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** What ended a list of nodes. */
type Ending =
  | { readonly kind: "end"; readonly at: number }
  | { readonly kind: "end of template"; readonly at: number }
  | { readonly kind: "else"; readonly at: number; readonly chained: "if" | "with" | undefined };

/** Parses the source of a template, by the grammar of Go's text/template. */
export function parseSource(source: string, functions: Scope["functions"], fail: Failure): Bodies {
  const parser = new Parser(new TokenReader(tokenize(source, fail), fail), functions);
  return parser.parse();
}

class Parser {
  private readonly reader: TokenReader;
  private readonly defined = new Map<string, readonly Node[]>();
  private scope: Scope;
  private ranges = 0;

  constructor(reader: TokenReader, functions: Scope["functions"]) {
    this.reader = reader;
    this.scope = { functions, variables: ["$"], depth: 0 };
  }

  parse(): Bodies {
    const { nodes, ending } = this.list(true);
    if (ending.kind !== "end of template") {
      this.reader.fail(ending.at, `"${ending.kind}" without an if, range, with, define or block before it`);
    }
    return { root: nodes, defined: this.defined };
  }

  /** Nodes up to an `end`, an `else` or the end of the template. */
  private list(isTop: boolean): { readonly nodes: readonly Node[]; readonly ending: Ending } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.reader.next();
      if (token.kind === "end of template") return { nodes, ending: { kind: token.kind, at: token.at } };
      if (token.kind === "text") {
        nodes.push({ kind: "text", at: token.at, text: token.text });
        continue;
      }
      const word = this.reader.peekWord();
      if (word.kind !== "keyword") {
        const pipeline = parsePipeline(this.reader, this.scope, "an action", "close");
        nodes.push({ kind: "action", at: word.at, pipeline });
        continue;
      }
      this.reader.next();
      if (word.text === "end") return { nodes, ending: this.end(word) };
      if (word.text === "else") return { nodes, ending: this.otherwise(word) };
      if (word.text === "define") this.define(word, isTop);
      else nodes.push(this.control(word));
    }
  }

  private end(word: Token): Ending {
    this.reader.expect("close", '"}}" after end');
    return { kind: "end", at: word.at };
  }

  private otherwise(word: Token): Ending {
    for (const chained of ["if", "with"] as const) {
      if (this.reader.take("keyword", chained)) return { kind: "else", at: word.at, chained };
    }
    this.reader.expect("close", '"}}", "if" or "with" after else');
    return { kind: "else", at: word.at, chained: undefined };
  }

  private control(word: Token): Node {
    switch (word.text) {
      case "if":
      case "with":
      case "range":
        return this.branch(word.text, word.at);
      case "template":
        return this.template(word);
      case "block":
        return this.block(word);
      default:
        return this.jump(word);
    }
  }

  private jump(word: Token): Node {
    this.reader.expect("close", `"}}" after ${word.text}`);
    if (this.ranges === 0) this.reader.fail(word.at, `${word.text} outside of a range`);
    return { kind: word.text === "break" ? "break" : "continue" };
  }

  private branch(kind: Branch["kind"], at: number): Branch {
    const known = this.scope.variables.length;
    this.enter(at);
    const pipeline = parsePipeline(this.reader, this.scope, kind, "close");
    if (kind === "range") this.ranges++;
    const { nodes, ending } = this.list(false);
    if (kind === "range") this.ranges--;
    const otherwise = this.elseOf(kind, at, ending);
    this.scope.depth--;
    this.scope.variables.length = known;
    return { kind, at, pipeline, body: nodes, otherwise };
  }

  private elseOf(kind: Branch["kind"], at: number, ending: Ending): readonly Node[] {
    if (ending.kind === "end") return [];
    if (ending.kind === "end of template") return this.unclosed(kind, at);
    if (ending.chained === undefined) return this.closedList(kind, at);
    if (ending.chained !== kind) {
      this.reader.fail(ending.at, `"else ${ending.chained}" inside ${kind}: expected "else" or "else ${kind}"`);
    }
    return [this.branch(ending.chained, ending.at)];
  }

  /** Nodes up to an `end`. */
  private closedList(kind: string, at: number): readonly Node[] {
    const { nodes, ending } = this.list(false);
    if (ending.kind === "end") return nodes;
    if (ending.kind === "end of template") return this.unclosed(kind, at);
    return this.reader.fail(ending.at, `unexpected "else": expected the end of the ${kind}`);
  }

  private unclosed(kind: string, at: number): never {
    return this.reader.fail(at, `the ${kind} is not closed`, "Add {{ end }}.");
  }

  private template(word: Token): Node {
    const name = this.templateName("template");
    const pipeline = this.reader.take("close")
      ? undefined
      : parsePipeline(this.reader, this.scope, "the data of a template", "close");
    return { kind: "template", at: word.at, name, pipeline };
  }

  private block(word: Token): Node {
    const name = this.templateName("block");
    const pipeline = parsePipeline(this.reader, this.scope, "the data of a block", "close");
    this.body(name, "block", word.at);
    return { kind: "template", at: word.at, name, pipeline };
  }

  private define(word: Token, isTop: boolean): void {
    if (!isTop) this.reader.fail(word.at, "define inside of another construct: expected it at the top of the template");
    const name = this.templateName("define");
    this.reader.expect("close", '"}}" after the name of the template');
    this.body(name, "define", word.at);
  }

  /** A body of its own: it sees no variables from outside, and `break` does not reach out of it. */
  private body(name: string, kind: "define" | "block", at: number): void {
    const outer = { scope: this.scope, ranges: this.ranges };
    this.scope = { ...this.scope, variables: ["$"] };
    this.ranges = 0;
    this.enter(at);
    const nodes = this.closedList(kind, at);
    ({ scope: this.scope, ranges: this.ranges } = outer);
    const known = this.defined.get(name);
    if (known === undefined || isEmpty(known)) this.defined.set(name, nodes);
    else if (!isEmpty(nodes)) this.reader.fail(at, `the template "${name}" is defined twice`);
  }

  private templateName(kind: string): string {
    const token = this.reader.expect("string", `the name of the template in quotes after ${kind}`);
    return unquoteGo(token.text) ?? this.reader.fail(token.at, `${token.text} is not a valid text`);
  }

  private enter(at: number): void {
    if (++this.scope.depth > MAX_NESTING) this.reader.fail(at, `blocks nest deeper than ${MAX_NESTING} levels`);
  }
}

function isEmpty(nodes: readonly Node[]): boolean {
  return nodes.every((node) => node.kind === "text" && node.text.trim() === "");
}
