import { SlipwayError } from "@slipway/base";

/** Throws the error for a position in a template. */
export type Failure = (at: number, message: string, hint?: string, cause?: unknown) => never;

/** Line and column, both from 1, of an offset in a text. */
function lineAndColumn(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}

/** A maker of INVALID_TEMPLATE errors that know their template's name, line and column. */
export function failureIn(name: string, source: string): Failure {
  return (at, message, hint, cause) => {
    throw new SlipwayError("INVALID_TEMPLATE", message, {
      place: { file: name, ...lineAndColumn(source, at) },
      hint,
      cause,
    });
  };
}
