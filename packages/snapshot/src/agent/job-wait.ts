import { SlipwayError, textAt, valueAt } from "@slipway/base";
import { RESOURCES, isForbidden, isNotFound, type KubeObject } from "@slipway/kube";
import { mapsAt } from "../collect-cluster/at.ts";
import { pause, type AgentDeps } from "./deps.ts";
import { followLog } from "./job-log.ts";
import { MORE_TIME, creationTrouble, failure, pendingTrouble, type Trouble } from "./trouble.ts";

/** A Job that is waited for. */
export interface AwaitedJob {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** The node that it is to run on, in a run with several. */
  readonly node: string | undefined;
  readonly timeoutMs: number;
}

/** A Job that did not do its work. */
export class AgentFailure extends SlipwayError {
  /** It would befall any other Job of the run too. */
  readonly general: boolean;

  constructor(trouble: Trouble, hint?: string) {
    super(trouble.code, trouble.message, { hint: trouble.hint ?? hint });
    this.general = trouble.general ?? false;
  }
}

/** Milliseconds between two looks: short at first, because most runs take seconds. */
const FIRST_LOOK_MS = 250;
const LATER_LOOK_MS = 2000;
/** Milliseconds that a trouble which may go away is given. */
const SOON_MS = 30_000;

/**
 * Waits until a Job has done its work, tells what it waits for, and passes its log on.
 *
 * @throws AgentFailure when it failed, cannot start, or is not done in time; SlipwayError when the Job is gone, or the
 * signal's reason
 */
export async function awaitJob(deps: AgentDeps, job: AwaitedJob): Promise<void> {
  const started = deps.clock.now().getTime();
  const watch: Watch = { told: "", trouble: undefined, since: started, log: undefined };
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  try {
    for (let look = 0; ; look++) {
      deps.signal.throwIfAborted();
      if (await lookAt(deps, job, watch, signal)) break;
      const elapsed = deps.clock.now().getTime() - started;
      if (elapsed >= job.timeoutMs) throw tooLate(job, watch.trouble);
      await pause(deps, Math.min(FIRST_LOOK_MS * 1.3 ** look, LATER_LOOK_MS, job.timeoutMs - elapsed), deps.signal);
    }
    await watch.log?.finished;
  } catch (error) {
    if (!deps.signal.aborted) await watch.log?.finished;
    throw error;
  } finally {
    stop.abort();
  }
}

interface Watch {
  /** What was told last, so that nothing is told twice. */
  told: string;
  trouble: Trouble | undefined;
  /** When the trouble was first seen. */
  since: number;
  log: ReturnType<typeof followLog> | undefined;
}

/** @returns whether the Job has done its work */
async function lookAt(deps: AgentDeps, job: AwaitedJob, watch: Watch, signal: AbortSignal): Promise<boolean> {
  const seen = await see(deps, job, watch);
  if (seen === undefined) return false;
  const { object, pod } = seen;
  if (pod !== undefined && hasStarted(pod)) watch.log ??= followLog(deps, job, pod, signal);
  const condition = conditionOf(object);
  if (condition === "Complete") return true;
  if (condition === "Failed") throw new AgentFailure(failure(object, pod));
  const trouble = pod === undefined ? await troubleOfCreation(deps, job) : pendingTrouble(pod, job.image);
  note(deps, job, watch, trouble);
  tell(deps, job, watch, trouble === undefined ? stateOf(pod) : trouble.message);
  return false;
}

/** @returns nothing when the server cannot be reached just now */
async function see(
  { client, signal, onProgress }: AgentDeps,
  job: AwaitedJob,
  watch: Watch,
): Promise<{ readonly object: KubeObject; readonly pod: KubeObject | undefined } | undefined> {
  const { name, namespace, node } = job;
  try {
    const [object, pods] = await Promise.all([
      client.get(RESOURCES.jobs, name, { namespace, signal }),
      client.list(RESOURCES.pods, { namespace, labelSelector: `job-name=${name}`, signal }),
    ]);
    return { object, pod: pods.items.at(-1) };
  } catch (error) {
    signal.throwIfAborted();
    if (isNotFound(error)) {
      throw new SlipwayError("NOT_FOUND", `the Job ${namespace}/${name} was removed while it ran`, { cause: error });
    }
    const passes = error instanceof SlipwayError && (error.code === "UNAVAILABLE" || error.code === "TIMED_OUT");
    if (!passes) throw error;
    const message = `the server does not answer (${error.message})`;
    if (watch.told !== message) onProgress?.({ kind: "waiting", message, node });
    watch.told = message;
    return undefined;
  }
}

function conditionOf(job: KubeObject): "Complete" | "Failed" | undefined {
  const holds = mapsAt(job, "status", "conditions")
    .filter((condition) => textAt(condition, "status") === "True")
    .map((condition) => textAt(condition, "type"));
  if (holds.includes("Complete") || holds.includes("SuccessCriteriaMet")) return "Complete";
  return holds.includes("Failed") || holds.includes("FailureTarget") ? "Failed" : undefined;
}

function hasStarted(pod: KubeObject): boolean {
  return ["Running", "Succeeded", "Failed"].includes(textAt(pod, "status", "phase"));
}

async function troubleOfCreation({ client, signal }: AgentDeps, job: AwaitedJob): Promise<Trouble | undefined> {
  try {
    const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${job.name}`;
    const { items } = await client.list(RESOURCES.events, { namespace: job.namespace, fieldSelector, signal });
    return creationTrouble(items);
  } catch (error) {
    // Events only explain; without the right to them there is less to tell.
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function note(deps: AgentDeps, job: AwaitedJob, watch: Watch, trouble: Trouble | undefined): void {
  const now = deps.clock.now().getTime();
  if (trouble?.fatal !== watch.trouble?.fatal || trouble?.code !== watch.trouble?.code) watch.since = now;
  watch.trouble = trouble;
  if (trouble === undefined || trouble.fatal === "never") return;
  if (trouble.fatal === "now" || now - watch.since >= Math.min(SOON_MS, job.timeoutMs)) throw new AgentFailure(trouble);
}

function tell({ onProgress }: AgentDeps, { node }: AwaitedJob, watch: Watch, message: string): void {
  if (message === watch.told) return;
  watch.told = message;
  onProgress?.({ kind: "waiting", message, node });
}

function stateOf(pod: KubeObject | undefined): string {
  if (pod === undefined) return "waiting for the pod to be made";
  const nodeName = textAt(pod, "spec", "nodeName");
  if (valueAt(pod, "metadata", "deletionTimestamp") !== undefined) return "the pod is being removed";
  if (hasStarted(pod)) return `the agent measures${nodeName === "" ? "" : ` ${nodeName}`}`;
  return nodeName === "" ? "waiting for a node" : `starting on ${nodeName}`;
}

function tooLate({ timeoutMs }: AwaitedJob, trouble: Trouble | undefined): AgentFailure {
  if (trouble?.fatal === "soon") return new AgentFailure(trouble);
  const why = trouble === undefined ? "" : `: ${trouble.message}`;
  const message = `the agent was not done within ${timeoutMs / 1000} s${why}`;
  return new AgentFailure({ code: "TIMED_OUT", message, fatal: "now" }, trouble?.hint ?? MORE_TIME);
}
