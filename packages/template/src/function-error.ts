/**
 * What a template function throws when it cannot do its work. The engine adds the template's name, the position and
 * the function's name, and hands on a SlipwayError.
 */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
}
