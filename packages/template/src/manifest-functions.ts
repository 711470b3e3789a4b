import { manifestForms } from "./common-manifest-functions.ts";
import { layer, type FunctionMap } from "./functions.ts";
import { sprigFunctions } from "./sprig-functions.ts";

/**
 * The functions of component manifests: sprig's, of which four mean what release 0.11.1 of aicr gives them. `toYaml`
 * uses 4 blanks, `nindent` leaves blank lines empty, `default` keeps false, 0 and empty lists and maps, and `toString`
 * is the plain form of a value.
 */
export const manifestFunctions: FunctionMap = layer(sprigFunctions, manifestForms);
