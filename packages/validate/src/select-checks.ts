import { SlipwayError, didYouMean, formatPath } from "@slipway/base";
import { PHASES, type Phase, type Recipe } from "@slipway/recipe";
import type { Validator, ValidatorCatalog } from "./validators.ts";

/** The phases that have checks to run, in the order in which they run unless another is asked for. */
export const CHECK_PHASES = ["deployment", "performance", "conformance"] as const satisfies readonly Phase[];

/**
 * The phases that `--phase` asks for: in the order given, repeats dropped; `all` anywhere, or nothing, is all of them.
 *
 * @throws SlipwayError USAGE for a word that is no phase, with the nearest one
 */
export function selectPhases(words: readonly string[]): readonly Phase[] {
  const known = [...PHASES, "all"];
  for (const word of words) {
    if (known.includes(word)) continue;
    throw new SlipwayError("USAGE", `--phase: "${word}" is no phase: ${known.join(", ")}`, {
      hint: didYouMean(word, known),
    });
  }
  if (words.length === 0 || words.includes("all")) return CHECK_PHASES;
  return [...new Set(words)].flatMap((word) => PHASES.find((phase) => phase === word) ?? []);
}

/**
 * Proves that every check that a recipe or `--skip-check` names is one of the catalog, so that a misspelt one is never
 * passed over in silence.
 *
 * @throws SlipwayError INVALID_INPUT (recipe, with the field) or USAGE (flag), with the nearest name
 */
export function requireKnownChecks(
  { validators }: Pick<ValidatorCatalog, "validators">,
  recipe: Pick<Recipe, "validation">,
  skipped: readonly string[],
): void {
  for (const phase of PHASES) {
    const names = validators.filter((validator) => validator.phase === phase).map(({ name }) => name);
    (recipe.validation[phase]?.checks ?? []).forEach((check, index) => {
      if (names.includes(check)) return;
      const elsewhere = validators.find(({ name }) => name === check);
      const message = `the ${phase} phase has no check "${check}"`;
      const field = formatPath(["validation", phase, "checks", index]);
      throw new SlipwayError("INVALID_INPUT", message, { place: { field }, hint: hintFor(check, elsewhere, names) });
    });
  }
  const all = validators.map(({ name }) => name);
  const unknown = skipped.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new SlipwayError("USAGE", `--skip-check: there is no check "${unknown}"`, {
      hint: hintFor(unknown, undefined, all),
    });
}

function hintFor(check: string, elsewhere: Validator | undefined, names: readonly string[]): string {
  if (elsewhere !== undefined) return `It belongs to the ${elsewhere.phase} phase.`;
  if (names.length === 0) return "The catalog (validators/catalog.yaml) has no checks for it.";
  return didYouMean(check, names) ?? `There are: ${names.join(", ")}.`;
}

/** A check, and the reason why it is not run. */
export interface PlannedCheck {
  readonly validator: Validator;
  readonly skipped?: string | undefined;
}

/**
 * What becomes of the checks of a phase, in the order of the catalog: those run that the recipe names or that always run.
 *
 * @param skipped names of checks that the user withholds; each is still reported
 */
export function planPhase(
  phase: Phase,
  { validators }: Pick<ValidatorCatalog, "validators">,
  recipe: Pick<Recipe, "validation" | "components">,
  skipped: readonly string[],
): readonly PlannedCheck[] {
  const named = recipe.validation[phase]?.checks ?? [];
  const installed = new Set(recipe.components.map(({ name }) => name));
  return validators
    .filter((validator) => validator.phase === phase && (validator.always || named.includes(validator.name)))
    .map((validator) => ({ validator, skipped: reasonToSkip(validator, installed, skipped) }));
}

function reasonToSkip(
  { name, components }: Validator,
  installed: ReadonlySet<string>,
  skipped: readonly string[],
): string | undefined {
  if (skipped.includes(name)) return "skipped - asked for with --skip-check";
  if (components.length === 0 || components.some((component) => installed.has(component))) return undefined;
  return `skipped - the recipe has no ${components.join(" and no ")}`;
}
