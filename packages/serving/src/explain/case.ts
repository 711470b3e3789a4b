import { nameOf, type KubeObject } from "@slipway/kube";
import { listAt, mapAt, numberAt, textAt, valueAt, type Tree } from "@slipway/base";
import { NIM_KINDS } from "../resources.ts";
import { conditionsOf, type Condition } from "../status/condition.ts";
import type { ClusterEvent, Facts } from "./facts.ts";

/** How a container ended. */
export interface Ending {
  readonly exitCode: number;
  /** `OOMKilled`, `Error`, `Completed`, … */
  readonly reason: string;
  readonly message: string;
}

/** A container of a pod, as the kubelet tells. */
export interface ContainerState {
  readonly pod: string;
  readonly name: string;
  readonly isInit: boolean;
  readonly image: string;
  /** Why it does not run; empty unless it waits. */
  readonly waiting: string;
  readonly message: string;
  readonly isRunning: boolean;
  /** Whether its startup probe has passed. */
  readonly isStarted: boolean;
  readonly isReady: boolean;
  readonly restarts: number;
  /** How it ended, now or the last time. */
  readonly ending: Ending | undefined;
  readonly hasEnded: boolean;
}

/** The facts with what rules ask for most. */
export interface Case extends Facts {
  readonly containers: readonly ContainerState[];
  readonly conditions: readonly Condition[];
  /** Those of the Deployment, Job or InferenceService. */
  readonly workloadConditions: readonly Condition[];
  /** `status.state`; empty when the operator has not written one. */
  readonly state: string;
  /** Seconds since the object was made; Infinity where it does not say. */
  readonly ageSeconds: number;
  /** `nimservice/llama` */
  readonly target: string;
}

/** Reads what rules ask for out of the facts. */
export function caseOf(facts: Facts): Case {
  const { object, now, kind, name } = facts;
  const created = Date.parse(textAt(object, "metadata", "creationTimestamp"));
  return {
    ...facts,
    containers: facts.pods.flatMap(containersOf),
    conditions: conditionsOf(object),
    workloadConditions: conditionsOf(facts.workload),
    state: textAt(object, "status", "state"),
    ageSeconds: Number.isNaN(created) ? Infinity : (now.getTime() - created) / 1000,
    target: `${NIM_KINDS[kind].singular}/${name}`,
  };
}

/** The containers of a pod, init containers first. */
export function containersOf(pod: KubeObject): readonly ContainerState[] {
  return [
    ...listAt(pod, "status", "initContainerStatuses").map((status) => containerOf(pod, status, true)),
    ...listAt(pod, "status", "containerStatuses").map((status) => containerOf(pod, status, false)),
  ];
}

function containerOf(pod: KubeObject, status: Tree, isInit: boolean): ContainerState {
  const name = textAt(status, "name");
  const spec = listAt(pod, "spec", isInit ? "initContainers" : "containers").find(
    (container) => textAt(container, "name") === name,
  );
  const ended = endingOf(mapAt(status, "state"));
  return {
    pod: nameOf(pod),
    name,
    isInit,
    image: textAt(spec, "image") || textAt(status, "image"),
    waiting: textAt(status, "state", "waiting", "reason"),
    message: textAt(status, "state", "waiting", "message"),
    isRunning: valueAt(status, "state", "running") !== undefined,
    isStarted: valueAt(status, "started") === true,
    isReady: valueAt(status, "ready") === true,
    restarts: numberAt(status, "restartCount") ?? 0,
    ending: ended ?? endingOf(mapAt(status, "lastState")),
    hasEnded: ended !== undefined,
  };
}

function endingOf(state: Tree): Ending | undefined {
  const exitCode = numberAt(state, "terminated", "exitCode");
  if (exitCode === undefined) return undefined;
  return { exitCode, reason: textAt(state, "terminated", "reason"), message: textAt(state, "terminated", "message") };
}

/** The last warning with one of these reasons about a kind of object. */
export function lastWarning(facts: Facts, kind: string, ...reasons: readonly string[]): ClusterEvent | undefined {
  return facts.events.findLast((event) => event.kind === kind && reasons.includes(event.reason));
}

/**
 * The containers that do not run because they ended badly; none of those that made a cache that is filled by now.
 */
export function fallenContainers({
  kind,
  state,
  containers,
}: Pick<Case, "kind" | "state" | "containers">): readonly ContainerState[] {
  if (kind === "NIMCache" && state === "Ready") return [];
  return containers.filter(({ ending, isRunning, isReady, hasEnded, restarts }) => {
    if (ending === undefined || (ending.exitCode === 0 && ending.reason !== "OOMKilled")) return false;
    return hasEnded || (restarts > 0 && !(isRunning && isReady));
  });
}
