import { layer, type FunctionMap } from "./functions.ts";
import { dictFunctions } from "./sprig/dicts.ts";
import { encodeFunctions } from "./sprig/encode.ts";
import { listFunctions } from "./sprig/lists.ts";
import { mathFunctions } from "./sprig/math.ts";
import { pathFunctions } from "./sprig/paths.ts";
import { stringFunctions } from "./sprig/strings.ts";
import { timeFunctions } from "./sprig/time.ts";
import { typeFunctions } from "./sprig/types.ts";

/** The functions of {@link sprigFunctions} that work without a library; few templates call another. */
export const commonSprigFunctions: FunctionMap = layer(
  stringFunctions,
  listFunctions,
  dictFunctions,
  mathFunctions,
  typeFunctions,
  encodeFunctions,
  pathFunctions,
  timeFunctions,
);
