import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { writeJson, writeYaml } from "@slipway/base";
import type { KubeClient } from "@slipway/kube";
import { recipeTree, type Phase, type Recipe } from "@slipway/recipe";
import { ctrfTree, planPhase, type Test, type Validator, type ValidatorCatalog } from "@slipway/validate";
import { CLUSTER_CHECKS, JobRun, runId, runPhases, type ContainerChecks } from "@slipway/validate/cluster";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { VALIDATE_FLAGS } from "../flags/validate-flags.ts";
import type { ClusterOnce } from "./cluster-once.ts";

/** What is checked in the cluster. */
export interface ClusterSubject {
  readonly recipe: Recipe;
  readonly validators: ValidatorCatalog;
  readonly phases: readonly Phase[];
  readonly cluster: ClusterOnce;
  /** The snapshot as YAML, for checks in containers. */
  readonly snapshot: string;
}

const NAMESPACE = "aicr-validation";
const CHECKS_AT_ONCE = 8;

/**
 * Runs the checks of phases in a cluster. What Jobs make there is taken away at the end, also after Ctrl-C.
 *
 * @throws SlipwayError as reaching the cluster does; INTERRUPTED
 */
export async function runClusterChecks(
  deps: CommandDeps,
  context: CommandContext,
  subject: ClusterSubject,
): Promise<readonly Test[]> {
  const { read, progress } = context;
  if (subject.phases.every((phase) => phase === "readiness" && !hasChecks(subject, phase))) return [];
  const client = await subject.cluster.client();
  // A cluster that does not answer is one error, not one for each check.
  await client.read("/version", { signal: deps.io.signal });
  const jobs = jobsOf(deps, context, subject, client);
  try {
    return await runPhases(
      {
        api: client,
        checks: CLUSTER_CHECKS,
        containers: jobs,
        now: () => deps.clock.now().getTime(),
        signal: deps.io.signal,
        onPhase: (phase, checks) => progress.show(`Phase ${phase}: ${checks} checks`),
        afterPhase: (phase, tests) => jobs.report(phase, tests),
      },
      {
        catalog: subject.validators,
        recipe: subject.recipe,
        phases: subject.phases,
        skipChecks: read(VALIDATE_FLAGS.skipCheck),
        preferContainers: read(VALIDATE_FLAGS.runContainers),
        unstatedRights: read(VALIDATE_FLAGS.allowClusterAdmin) || (read(VALIDATE_FLAGS.serviceAccount) ?? "") !== "",
        timeoutMs: read(VALIDATE_FLAGS.timeout),
        atOnce: read(VALIDATE_FLAGS.atOnce) ?? CHECKS_AT_ONCE,
        strict: read(VALIDATE_FLAGS.strict),
      },
    );
  } finally {
    await jobs.end();
  }
}

function hasChecks({ validators }: ClusterSubject, phase: Phase): boolean {
  return validators.validators.some((validator) => validator.phase === phase);
}

/** The Jobs of a run: nothing is made in the cluster before a check needs one. */
interface Jobs extends ContainerChecks {
  report(phase: Phase, tests: readonly Test[]): Promise<void>;
  end(): Promise<void>;
}

function jobsOf(deps: CommandDeps, context: CommandContext, subject: ClusterSubject, client: KubeClient): Jobs {
  const { log } = context;
  let run: JobRun | undefined;
  const options = jobOptions(deps, context, subject);
  return {
    prepare: async (signal) => {
      run = new JobRun(
        {
          api: client,
          hex,
          warn: (sentence) => log.warn(sentence),
          info: (sentence) => log.info(sentence),
          sleep,
          now: () => deps.clock.now().getTime(),
        },
        options,
      );
      await run.prepare(signal);
    },
    run: async (validator, signal) => {
      if (run === undefined) throw new Error("a check runs before its run was prepared");
      return run.run(validator, signal);
    },
    report: async (phase, tests) => {
      const now = deps.clock.now().getTime();
      const report = { tool: { name: "aicr", version: deps.build.version }, start: now, stop: now, tests };
      try {
        await run?.report(phase, writeJson(ctrfTree(report)), deps.io.signal);
      } catch (error) {
        log.warn(
          `the report of the ${phase} phase is not in the cluster: ${error instanceof Error ? error.message : ""}`,
        );
      }
    },
    end: async () => {
      if (!context.read(VALIDATE_FLAGS.noCleanup)) await run?.tidyUp();
      else if (run !== undefined)
        log.info(`left in the namespace ${options.identity.namespace}`, { run: options.identity.id });
    },
  };
}

function jobOptions(
  { build, clock, io }: CommandDeps,
  { read }: CommandContext,
  { recipe, validators, phases, snapshot }: ClusterSubject,
): ConstructorParameters<typeof JobRun>[1] {
  const id = runId({ now: () => clock.now(), hex });
  const account = read(VALIDATE_FLAGS.serviceAccount) ?? "";
  return {
    identity: {
      id,
      namespace: read(VALIDATE_FLAGS.namespace) || NAMESPACE,
      serviceAccount: account === "" ? `aicr-validator-${id}` : account,
      images: { version: build.version, registry: io.env["AICR_VALIDATOR_IMAGE_REGISTRY"] },
      imagePullSecrets: read(VALIDATE_FLAGS.imagePullSecret),
    },
    ownAccount: account !== "",
    allRights: read(VALIDATE_FLAGS.allowClusterAdmin),
    snapshot,
    recipe: writeYaml(recipeTree(recipe)),
    validators: phases.flatMap((phase) => containersOf(read, phase, validators, recipe)),
  };
}

/** The checks of a phase that will run as Jobs. */
function containersOf(
  read: CommandContext["read"],
  phase: Phase,
  catalog: ValidatorCatalog,
  recipe: Recipe,
): readonly Validator[] {
  return planPhase(phase, catalog, recipe, read(VALIDATE_FLAGS.skipCheck))
    .filter(({ skipped }) => skipped === undefined)
    .map(({ validator }) => validator)
    .filter(({ check, image }) => image !== undefined && (check === undefined || read(VALIDATE_FLAGS.runContainers)));
}

function hex(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString("hex")
    .slice(0, digits);
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
