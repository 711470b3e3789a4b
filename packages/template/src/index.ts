export { parseTemplate, render, type RenderOptions, type Template, type TemplateOptions } from "./template.ts";
export { FunctionError, UnknownFunctionError } from "./function-error.ts";
export type { FunctionMap, Runtime, TemplateFunction } from "./functions.ts";
export { RENDER_LIMITS, type RenderLimits } from "./limits.ts";
export type { MissingKey } from "./state.ts";
export { GoFloat, type Value } from "./value.ts";
export { commonManifestFunctions } from "./common-manifest-functions.ts";
export {
  anything,
  binary,
  boolean,
  functionMap,
  integer,
  layer,
  leading,
  list,
  map,
  nullary,
  ternary,
  text,
  unary,
  variadic,
  type Parameter,
} from "./functions.ts";
