import type { Phase } from "@slipway/recipe";
import type { Test } from "./report/model.ts";
import type { Validator, ValidatorCatalog } from "./validators.ts";

/** A check that was not run, and why. */
export function skippedTest({ name, phase }: Pick<Validator, "name" | "phase">, message: string): Test {
  return { name, verdict: "skipped", suite: [phase], durationMs: 0, message };
}

/**
 * What a validation without a cluster says of the checks: every one of the phases is skipped, as release 0.11.1 of aicr
 * reports it.
 */
export function testsWithoutCluster(
  { validators }: Pick<ValidatorCatalog, "validators">,
  phases: readonly Phase[],
): readonly Test[] {
  return testsOfPhases(validators, phases, "skipped - no-cluster mode");
}

/** Every check of some phases as skipped for one reason, phase by phase. */
export function testsOfPhases(
  validators: readonly Validator[],
  phases: readonly Phase[],
  message: string,
): readonly Test[] {
  return phases.flatMap((phase) =>
    validators.filter((validator) => validator.phase === phase).map((validator) => skippedTest(validator, message)),
  );
}

/** How strictly tests are judged. */
export interface Judging {
  /** Warnings, and constraints that could not be told, count as failed too. */
  readonly strict: boolean;
}

/**
 * Whether a test makes its phase fail. A constraint that cannot be told is passed over, as release 0.11.1 of aicr does
 * it, unless strictness is asked for; a check or a policy that cannot be told is not.
 */
export function isFailing({ verdict, suite }: Pick<Test, "verdict" | "suite">, { strict }: Judging): boolean {
  if (verdict === "failed") return true;
  const isReadiness = suite[0] === "readiness";
  if (verdict === "error") return strict || !isReadiness;
  return strict && (verdict === "warning" || (verdict === "skipped" && isReadiness));
}
