import type { Case } from "../case.ts";
import type { Finding } from "../diagnosis.ts";

/** Looks for one cause; nothing when it is not the one. */
export type Rule = (found: Case) => Finding | undefined;
