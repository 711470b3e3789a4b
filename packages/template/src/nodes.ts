import type { Value } from "./value.ts";

/** A value in a command: a literal, a field, a function, a variable, or a pipeline in parentheses. */
export type Expression =
  | { readonly kind: "literal"; readonly at: number; readonly value: Value }
  | { readonly kind: "nil"; readonly at: number }
  | { readonly kind: "dot"; readonly at: number }
  | { readonly kind: "field"; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: "variable"; readonly at: number; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: "function"; readonly at: number; readonly name: string }
  | { readonly kind: "chain"; readonly at: number; readonly inner: Expression; readonly names: readonly string[] }
  | { readonly kind: "pipeline"; readonly at: number; readonly pipeline: Pipeline };

/** An operand and its arguments, separated by blanks. */
export interface Command {
  readonly at: number;
  readonly first: Expression;
  readonly rest: readonly Expression[];
}

/** `$x := command | command …` */
export interface Pipeline {
  readonly at: number;
  /** Variables that take the value, with their `$`. */
  readonly variables: readonly string[];
  /** Whether they are declared (`:=`) or change (`=`). */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** `if`, `range` and `with` have the same parts. */
export interface Branch {
  readonly kind: "if" | "range" | "with";
  readonly at: number;
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** A piece of a template's body. */
export type Node =
  | { readonly kind: "text"; readonly at: number; readonly text: string }
  | { readonly kind: "action"; readonly at: number; readonly pipeline: Pipeline }
  | Branch
  | { readonly kind: "template"; readonly at: number; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly kind: "break" }
  | { readonly kind: "continue" };
