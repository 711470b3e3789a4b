import { commonSprigFunctions } from "./common-sprig-functions.ts";
import { anything, binary, functionMap, integer, layer, leading, text, unary, type FunctionMap } from "./functions.ts";
import { repeated } from "./sprig/bounds.ts";
import { toYaml } from "./sprig/encode.ts";
import { textOfValue } from "./sprig/strings.ts";
import type { Value } from "./value.ts";

/** A fallback only for what is missing: false and 0 are values that someone chose. */
function fallback(other: Value, given: readonly Value[]): Value {
  const value = given[0] ?? null;
  return value === null || value === "" ? other : value;
}

/** The four functions of {@link manifestFunctions} that are not sprig's. */
export const manifestForms: FunctionMap = functionMap({
  toYaml: unary(anything, (value, runtime) => toYaml(value, runtime, { indent: 4 })),
  nindent: binary(integer, text, (spaces, value, runtime) => {
    const pad = repeated(" ", spaces, runtime);
    const lines = value.split("\n").map((line) => (line === "" ? line : pad + line));
    runtime.checkSize(value.length + lines.length * (pad.length + 1));
    return `\n${lines.join("\n")}`;
  }),
  toString: unary(anything, textOfValue),
  default: leading(anything, anything, fallback),
});

/** The functions of {@link manifestFunctions} that work without a library: a template that they are enough for renders alike. */
export const commonManifestFunctions: FunctionMap = layer(commonSprigFunctions, manifestForms);
