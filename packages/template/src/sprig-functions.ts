import { layer, type FunctionMap } from "./functions.ts";
import { dictFunctions } from "./sprig/dicts.ts";
import { encodeFunctions } from "./sprig/encode.ts";
import { listFunctions } from "./sprig/lists.ts";
import { mathFunctions } from "./sprig/math.ts";
import { pathFunctions } from "./sprig/paths.ts";
import { regexFunctions } from "./sprig/regex.ts";
import { semverFunctions } from "./sprig/semver.ts";
import { stringFunctions } from "./sprig/strings.ts";
import { timeFunctions } from "./sprig/time.ts";
import { typeFunctions } from "./sprig/types.ts";

/** The functions of Helm's templates: sprig's, and Helm's own. None reaches the cluster, the network or the files. */
export const sprigFunctions: FunctionMap = layer(
  stringFunctions,
  listFunctions,
  dictFunctions,
  mathFunctions,
  typeFunctions,
  encodeFunctions,
  regexFunctions,
  pathFunctions,
  semverFunctions,
  timeFunctions,
);
