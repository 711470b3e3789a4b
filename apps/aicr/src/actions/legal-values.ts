import { ANY, knownCriteriaValues, loadCatalog, type CriteriaField } from "@slipway/recipe";
import type { CommandDeps } from "../deps.ts";

/** What a criterion may be, by the built-in catalog. */
export async function legalValues(deps: CommandDeps, field: CriteriaField): Promise<readonly string[]> {
  const known = knownCriteriaValues(await loadCatalog([await deps.builtinCatalog()]));
  return [...known[field], ANY];
}
