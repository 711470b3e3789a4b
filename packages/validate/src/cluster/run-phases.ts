import { SlipwayError, durationText, group, messageOf } from "@slipway/base";
import type { KubeApi } from "@slipway/kube";
import type { Phase, Recipe } from "@slipway/recipe";
import { isFailing, skippedTest, testsOfPhases } from "../planned-tests.ts";
import type { Test } from "../report/model.ts";
import { planPhase, type PlannedCheck } from "../select-checks.ts";
import type { Validator, ValidatorCatalog } from "../validators.ts";
import type { Check, Outcome } from "./context.ts";

/** Runs checks that need a container. */
export interface ContainerChecks {
  /** Makes what they share; called once, before the first of them. */
  prepare(signal: AbortSignal): Promise<void>;
  run(validator: Validator, signal: AbortSignal): Promise<Outcome>;
}

/** What running phases needs. */
export interface PhaseDeps {
  readonly api: KubeApi;
  /** The checks that look through the API. */
  readonly checks: Readonly<Record<string, Check>>;
  readonly containers: ContainerChecks;
  /** Milliseconds since any moment. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told of each phase before it starts. */
  readonly onPhase?: (phase: Phase, checks: number) => void;
  /** Told of each phase that ended. */
  readonly afterPhase?: (phase: Phase, tests: readonly Test[]) => Promise<void>;
}

/** Which checks run, and how. */
export interface PhaseOptions {
  readonly catalog: Pick<ValidatorCatalog, "validators">;
  readonly recipe: Recipe;
  readonly phases: readonly Phase[];
  readonly skipChecks: readonly string[];
  /** Whether a check that has a container runs in it, although the API would tell. */
  readonly preferContainers: boolean;
  /** Whether a container runs for which the catalog states no permissions. */
  readonly unstatedRights: boolean;
  /** Limit of each check in milliseconds, in place of the catalog's. */
  readonly timeoutMs?: number | undefined;
  /** How many checks run at a time. */
  readonly atOnce: number;
  readonly strict: boolean;
}

/**
 * Runs the checks of phases, one phase after the other, the checks of a phase at once. After a phase that failed, every
 * check of the later ones is skipped. Each check has its own time limit, and what it throws is its own result.
 *
 * @throws SlipwayError INTERRUPTED when the signal is aborted; never for a check
 */
export async function runPhases(deps: PhaseDeps, options: PhaseOptions): Promise<readonly Test[]> {
  const tests: Test[] = [];
  let failed: Phase | undefined;
  const containers = preparedOnce(deps.containers, deps.signal);
  for (const phase of options.phases) {
    if (failed !== undefined) {
      tests.push(...testsOfPhases(options.catalog.validators, [phase], `skipped - the ${failed} phase failed`));
      continue;
    }
    const plan = planPhase(phase, options.catalog, options.recipe, options.skipChecks);
    deps.onPhase?.(phase, plan.length);
    const found = await group(
      options.atOnce,
      plan.map((planned) => () => runPlanned(deps, containers, options, planned)),
      deps.signal,
    );
    tests.push(...found);
    if (plan.length > 0) await deps.afterPhase?.(phase, found);
    if (found.some((test) => isFailing(test, options))) failed = phase;
  }
  return tests;
}

/** Preparing starts with the first check that needs it; the others wait for the same. */
function preparedOnce(containers: ContainerChecks, signal: AbortSignal): ContainerChecks {
  let prepared: Promise<void> | undefined;
  return {
    prepare: () => (prepared ??= containers.prepare(signal)),
    run: (validator, limit) => containers.run(validator, limit),
  };
}

async function runPlanned(
  deps: PhaseDeps,
  containers: ContainerChecks,
  options: PhaseOptions,
  { validator, skipped }: PlannedCheck,
): Promise<Test> {
  if (skipped !== undefined) return skippedTest(validator, skipped);
  const timeoutMs = options.timeoutMs ?? validator.timeoutMs;
  const limited = { ...validator, timeoutMs };
  const usesContainer = validator.check === undefined || (options.preferContainers && validator.image !== undefined);
  if (usesContainer && validator.permissions === undefined && !options.unstatedRights)
    return testOf(validator, UNSTATED, 0);
  const start = deps.now();
  const outcome = usesContainer
    ? await attempt(deps.signal, timeoutMs + CONTAINER_GRACE_MS, async (signal) => {
        await containers.prepare(signal);
        return containers.run(limited, signal);
      })
    : await attempt(deps.signal, timeoutMs, (signal) => lookThroughApi(deps, options.recipe, validator, signal));
  deps.signal.throwIfAborted();
  return testOf(validator, outcome, deps.now() - start);
}

const UNSTATED: Outcome = {
  verdict: "error",
  message: "the catalog states no permissions for its container: give --service-account-name or --allow-cluster-admin",
  remediation:
    "Write the rights that it needs under permissions in validators/catalog.yaml (none: []), or choose who it runs as.",
};

/** A Job ends by itself at its limit; what is left is for reading why. */
const CONTAINER_GRACE_MS = 30_000;

async function lookThroughApi(
  { api, checks }: PhaseDeps,
  recipe: Recipe,
  { check, name, phase }: Validator,
  signal: AbortSignal,
): Promise<Outcome> {
  const run = check === undefined ? undefined : checks[check];
  if (run === undefined) throw new SlipwayError("BUG", `the check ${name} has no code`);
  return run({ api, recipe, phase: recipe.validation[phase], signal });
}

/** Runs a check within its limit; what it throws is what it found. */
async function attempt(
  outer: AbortSignal,
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const signal = AbortSignal.any([outer, limit.signal]);
  try {
    return await Promise.race([run(signal), rejection(signal)]);
  } catch (error) {
    if (limit.signal.aborted && !outer.aborted)
      return { verdict: "error", message: `no answer within ${durationText(timeoutMs)}`, remediation: TIMEOUT_HINT };
    const hint = error instanceof SlipwayError ? error.hint : undefined;
    return { verdict: "error", message: messageOf(error), remediation: hint };
  } finally {
    clearTimeout(timer);
  }
}

const TIMEOUT_HINT =
  "Give it more time with --timeout, or see whether the API server is slow: kubectl get --raw /readyz?verbose";

/** Never resolves; a check that does not heed its signal is left behind. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}

function testOf(validator: Validator, outcome: Outcome, durationMs: number): Test {
  const { verdict, message, lines } = outcome;
  const isBad = verdict === "failed" || verdict === "error";
  return {
    name: validator.name,
    verdict,
    suite: [validator.phase],
    durationMs,
    message,
    output: lines,
    remediation: isBad ? (outcome.remediation ?? validator.remediation) : undefined,
  };
}
