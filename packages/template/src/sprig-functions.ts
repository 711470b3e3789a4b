import { commonSprigFunctions } from "./common-sprig-functions.ts";
import { layer, type FunctionMap } from "./functions.ts";
import { regexFunctions } from "./sprig/regex.ts";
import { semverFunctions } from "./sprig/semver.ts";

/** The functions of Helm's templates: sprig's, and Helm's own. None reaches the cluster, the network or the files. */
export const sprigFunctions: FunctionMap = layer(commonSprigFunctions, regexFunctions, semverFunctions);
