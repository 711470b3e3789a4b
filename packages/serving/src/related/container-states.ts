import { listAt, mapAt, numberAt, textAt, valueAt, type Tree } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";

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
