import type { KubeApi } from "@slipway/kube";
import type { PhaseSpec, Recipe } from "@slipway/recipe";

/** What a check that looks through the API is given. */
export interface CheckContext {
  readonly api: KubeApi;
  readonly recipe: Recipe;
  /** What the recipe says about the phase that the check belongs to. */
  readonly phase: PhaseSpec | undefined;
  /** Aborted at the check's time limit, or at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a check found. */
export interface Outcome {
  readonly verdict: "passed" | "failed" | "skipped" | "error";
  /** A sentence. */
  readonly message: string;
  /** All that was seen, a line each. */
  readonly lines?: readonly string[];
  /** What to do about it, where the check knows better than the catalog. */
  readonly remediation?: string | undefined;
}

/** Tells whether something holds in a cluster, reading only. What it throws is an error of the check, not a failure. */
export type Check = (context: CheckContext) => Promise<Outcome>;

/**
 * Passed when there is no problem.
 *
 * @param problems sentences; the first is the message
 * @param seen what was found to be right, a line each
 * @param passed the message when all is well
 */
export function outcomeOf(
  problems: readonly string[],
  seen: readonly string[],
  passed: string,
  remediation?: string,
): Outcome {
  const [first, ...more] = problems;
  if (first === undefined) return { verdict: "passed", message: passed, lines: seen };
  const message = more.length === 0 ? first : `${first} (and ${more.length} more)`;
  return { verdict: "failed", message, lines: [...problems, ...seen], remediation };
}

/** There is nothing to check, and why. */
export function skipped(reason: string): Outcome {
  return { verdict: "skipped", message: `skipped - ${reason}` };
}
