/** A value that a filter compares with. */
export type Literal = string | number | boolean;

/** A step of an expression. */
export type PathNode =
  /** Of maps, what they hold under a key; an empty key is the value itself. */
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "every" }
  /** All values at any depth, themselves included. */
  | { readonly kind: "descend" }
  /** Items from and to places that count from the end when they are negative; a single one has to be there. */
  | {
      readonly kind: "slice";
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly step: number | undefined;
    }
  | { readonly kind: "item"; readonly index: number }
  | { readonly kind: "union"; readonly paths: readonly (readonly PathNode[])[] }
  | { readonly kind: "filter"; readonly left: Operand; readonly operator: Operator; readonly right: Operand };

/** How a filter compares; `exists` looks at its left side only. */
export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "exists";

/** One side of a comparison. */
export type Operand =
  | { readonly kind: "literal"; readonly value: Literal }
  | { readonly kind: "path"; readonly path: readonly PathNode[] };

/** A part of a template. */
export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "path"; readonly path: readonly PathNode[] }
  | { readonly kind: "range"; readonly path: readonly PathNode[]; readonly body: readonly TemplateNode[] };
