import { SlipwayError, durationText, listAt, mapAt, numberAt, textAt, valueAt } from "@slipway/base";
import { RESOURCES, type KubeApi, type KubeObject } from "@slipway/kube";
import { podProblems } from "../workloads.ts";

/** How a Job is waited for. */
export interface WaitOptions {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds since any moment. */
  readonly now: () => number;
}

/** How the container of a Job ended. */
export interface Ended {
  readonly pod: string;
  readonly exitCode: number;
}

/** How long a container may be unable to start before its Job is given up. */
const STUCK_MS = 60_000;
const MOST_BETWEEN_LOOKS_MS = 5000;

/**
 * Waits for the container of a Job to end.
 *
 * @throws SlipwayError TIMED_OUT with what the pod waits for; UNAVAILABLE when the container cannot start, or when the
 * Job ended without one
 */
export async function waitForJob(name: string, options: WaitOptions): Promise<Ended> {
  const start = options.now();
  let stuckSince: number | undefined;
  for (let pause = 500; ; pause = Math.min(pause * 1.5, MOST_BETWEEN_LOOKS_MS)) {
    const { ended, problems, failed } = await look(name, options);
    if (ended !== undefined) return ended;
    const [problem] = problems;
    const passed = options.now() - start;
    if (failed !== undefined) throw new SlipwayError("UNAVAILABLE", problem ?? failed);
    if (passed > options.timeoutMs) throw tooLate(options.timeoutMs, problem);
    stuckSince = problem === undefined ? undefined : (stuckSince ?? options.now());
    if (problem !== undefined && isHopeless(problem) && options.now() - (stuckSince ?? 0) >= STUCK_MS)
      throw new SlipwayError("UNAVAILABLE", problem, { hint: IMAGE_HINT });
    await options.sleep(pause, options.signal);
  }
}

const IMAGE_HINT =
  "Is the image there for this cluster? --image-pull-secret names a secret to pull it with, AICR_VALIDATOR_IMAGE_REGISTRY a mirror.";

/** A pod that has no place may get one; a container without its image will not start. */
function isHopeless(problem: string): boolean {
  return /ImagePullBackOff|ErrImagePull|InvalidImageName|CreateContainer/.test(problem);
}

function tooLate(timeoutMs: number, problem: string | undefined): SlipwayError {
  const why = problem === undefined ? "" : `: ${problem}`;
  return new SlipwayError("TIMED_OUT", `no result within ${durationText(timeoutMs)}${why}`);
}

interface Look {
  readonly ended?: Ended | undefined;
  readonly problems: readonly string[];
  /** Why the Job is over, where it is over without a container that ended. */
  readonly failed?: string | undefined;
}

async function look(name: string, { api, namespace, signal }: WaitOptions): Promise<Look> {
  const job = await api.get(RESOURCES.jobs, name, { namespace, signal });
  const { items: pods } = await api.list(RESOURCES.pods, {
    namespace,
    signal,
    labelSelector: `batch.kubernetes.io/job-name=${name}`,
  });
  const ended = pods.flatMap(endOf).at(0);
  return { ended, problems: pods.flatMap(podProblems), failed: ended === undefined ? failureOf(job) : undefined };
}

function endOf(pod: KubeObject): readonly Ended[] {
  const [status] = listAt(pod, "status", "containerStatuses");
  const terminated = mapAt(status, "state", "terminated");
  if (valueAt(terminated, "exitCode") === undefined) return [];
  return [{ pod: pod.metadata.name ?? "", exitCode: numberAt(terminated, "exitCode") ?? 1 }];
}

function failureOf(job: KubeObject): string | undefined {
  const over = listAt(job, "status", "conditions").find(
    (condition) => /^(Failed|Complete)$/.test(textAt(condition, "type")) && textAt(condition, "status") === "True",
  );
  if (over === undefined) return undefined;
  const why = [textAt(over, "reason"), textAt(over, "message")].filter((part) => part !== "").join(": ");
  return `the Job ended without a result${why === "" ? "" : ` (${why})`}`;
}
