/**
 * What a template function throws when it cannot do its work. The engine adds the template's name, the position and
 * the function's name, and hands on a SlipwayError.
 */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
}

/** The cause of an INVALID_TEMPLATE error for a function that the given functions lack. */
export class UnknownFunctionError extends Error {
  override readonly name = "UnknownFunctionError";
}
