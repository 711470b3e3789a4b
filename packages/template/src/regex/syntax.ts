/** A regular expression in Go's (RE2's) syntax, parsed. */
export type Regex =
  | { readonly kind: "sign"; readonly test: SignTest }
  | { readonly kind: "assertion"; readonly which: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly Regex[] }
  | { readonly kind: "choice"; readonly options: readonly Regex[] }
  | { readonly kind: "group"; readonly body: Regex; readonly index: number }
  | {
      readonly kind: "repeat";
      readonly body: Regex;
      readonly least: number;
      /** Infinity for no upper limit. */
      readonly most: number;
      readonly greedy: boolean;
    };

/** Whether one sign of the text fits. */
export type SignTest = (sign: string) => boolean;

/** What holds between two signs: start and end of the text or of a line, and the borders of ASCII words. */
export type Assertion = "text start" | "text end" | "line start" | "line end" | "word border" | "no word border";

/** Flags as `(?im)` sets them. */
export interface RegexFlags {
  readonly ignoresCase: boolean;
  readonly multiline: boolean;
  readonly dotMatchesNewline: boolean;
  readonly lazy: boolean;
}
