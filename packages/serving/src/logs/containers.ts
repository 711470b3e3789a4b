import { listAt, mapAt, numberAt, textAt, type Tree, type TreeMap } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";

/** One container of a pod, and how it is. */
export interface PodContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  /** How often it was started anew; each start has a log of its own. */
  readonly restarts: number;
  /** `waiting`: it has never run, so that there is no log. */
  readonly phase: "waiting" | "running" | "ended";
  /** What it waits for: `ImagePullBackOff`; empty where nothing is said. */
  readonly reason: string;
  readonly message: string;
  /** Whether no log will be added to what there is: its pod has ended, or it is an init container that is done. */
  readonly isOver: boolean;
}

const GROUPS = [
  ["initContainers", "initContainerStatuses"],
  ["containers", "containerStatuses"],
  ["ephemeralContainers", "ephemeralContainerStatuses"],
] as const;

/** The containers of a pod in the order in which they start: those for its preparation, its own, those for debugging. */
export function containersOf(pod: KubeObject): readonly PodContainer[] {
  return GROUPS.flatMap(([specs, statuses]) =>
    listAt(pod, "spec", specs).flatMap((spec) => {
      const container = textAt(spec, "name");
      if (container === "") return [];
      const status = listAt(pod, "status", statuses).find((entry) => textAt(entry, "name") === container);
      return [{ ...identityOf(pod), container, ...stateOf(pod, status, specs === "initContainers") }];
    }),
  );
}

function identityOf(pod: KubeObject): Pick<PodContainer, "namespace" | "pod" | "uid"> {
  return {
    namespace: textAt(pod, "metadata", "namespace"),
    pod: nameOf(pod),
    uid: textAt(pod, "metadata", "uid"),
  };
}

type State = Pick<PodContainer, "restarts" | "phase" | "reason" | "message" | "isOver">;

function stateOf(pod: KubeObject, status: Tree | undefined, isInit: boolean): State {
  const podPhase = textAt(pod, "status", "phase");
  const hasEnded = podPhase === "Succeeded" || podPhase === "Failed";
  const restarts = numberAt(status, "restartCount") ?? 0;
  const { waiting, running, terminated } = parts(mapAt(status, "state"));
  const nothing = { restarts, reason: "", message: "", isOver: hasEnded };
  if (status === undefined) {
    // A pod that nobody reports on, as in a cluster whose kubelet is silent: its phase is all there is.
    const phase = podPhase === "Running" ? "running" : "waiting";
    return { ...nothing, phase: hasEnded ? "ended" : phase };
  }
  if (running !== undefined) return { ...nothing, phase: "running" };
  if (terminated !== undefined) {
    const isDone = isInit && numberAt(terminated, "exitCode") === 0;
    return { ...nothing, phase: "ended", isOver: hasEnded || isDone };
  }
  // Between a crash and the next start there is the log of the one that crashed.
  const hasRun = restarts > 0 || Object.keys(mapAt(status, "lastState")).length > 0;
  const [reason, message] = [textAt(waiting, "reason"), textAt(waiting, "message")];
  return { ...nothing, phase: hasRun ? "ended" : "waiting", reason, message };
}

function parts(state: TreeMap): Readonly<Record<"waiting" | "running" | "terminated", TreeMap | undefined>> {
  const part = (name: string): TreeMap | undefined => (Object.hasOwn(state, name) ? mapAt(state, name) : undefined);
  return { waiting: part("waiting"), running: part("running"), terminated: part("terminated") };
}
