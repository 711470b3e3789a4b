import type { TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { jobEndTemplate } from "../kwok/job-end.ts";
import { KWOK_API } from "../kwok/objects.ts";
import { MESSAGE_ANNOTATION, PLAY_ANNOTATION, type Play } from "./script.ts";

/** How a container that does not run is told of. */
interface Trouble {
  readonly play: Play;
  readonly phase: "Pending" | "Running";
  /** `state` of its status, and more of it. */
  readonly state: string;
}

const MESSAGE = `{{ index $root.metadata.annotations ${JSON.stringify(MESSAGE_ANNOTATION)} | Quote }}`;

function waiting(reason: string): string {
  return `  restartCount: 0
  state:
    waiting:
      reason: ${reason}
      message: ${MESSAGE}`;
}

function crashing(reason: string, exitCode: number): string {
  return `  restartCount: 6
  state:
    waiting:
      reason: CrashLoopBackOff
      message: ${MESSAGE}
  lastState:
    terminated:
      exitCode: ${exitCode}
      reason: ${reason}
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}`;
}

const TROUBLES: readonly Trouble[] = [
  { play: "image-pull-error", phase: "Pending", state: waiting("ImagePullBackOff") },
  { play: "missing-secret-key", phase: "Pending", state: waiting("CreateContainerConfigError") },
  { play: "crash", phase: "Running", state: crashing("Error", 1) },
  { play: "out-of-memory", phase: "Running", state: crashing("OOMKilled", 137) },
  {
    play: "slow",
    phase: "Running",
    state: `  restartCount: 0
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}`,
  },
];

/** Milliseconds after which a slow caching job ends. */
const SLOW_MS = 3_600_000;

/**
 * Stages of kwok for the pods that the NIM operator makes by a script: create them before it makes any.
 *
 * @param cacheMs milliseconds that a caching job of which no script says anything takes; kwok's own way, at once, unless given
 */
export function nimStages({ cacheMs = 0 }: { readonly cacheMs?: number } = {}): readonly KubeObject[] {
  return [
    ...TROUBLES.map(troubleStage),
    jobEnd("fail", playing("fail", "crash"), { exitCode: 1, afterMs: 200 }),
    jobEnd("out-of-memory", playing("out-of-memory"), { exitCode: 137, afterMs: 200 }),
    jobEnd("slow", playing("slow"), { exitCode: 0, afterMs: SLOW_MS }),
    ...(cacheMs === 0
      ? []
      : [jobEnd("done", { key: ANNOTATION, operator: "DoesNotExist" }, { exitCode: 0, afterMs: cacheMs })]),
  ];
}

const ANNOTATION = `.metadata.annotations[${JSON.stringify(PLAY_ANNOTATION)}]`;
/** Pods of Jobs that run are ready, and those that end are not started again where they are. */
const NO_JOB = { key: '.metadata.labels["batch.kubernetes.io/job-name"]', operator: "DoesNotExist" };
const STAYS = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };

function playing(...plays: readonly Play[]): TreeMap {
  return { key: ANNOTATION, operator: "In", values: plays };
}

function stage(name: string, conditions: readonly TreeMap[], statusTemplate: string, delayMs: number): KubeObject {
  return {
    apiVersion: KWOK_API,
    kind: "Stage",
    metadata: { name: `nim-${name}` },
    spec: {
      resourceRef: { apiGroup: "v1", kind: "Pod" },
      selector: { matchExpressions: [STAYS, ...conditions] },
      // Stages without a weight, kwok's own, are passed over where one has some.
      weight: 1,
      ...(delayMs === 0 ? {} : { delay: { durationMilliseconds: delayMs } }),
      next: { statusTemplate },
    },
  };
}

function troubleStage({ play, phase, state }: Trouble): KubeObject {
  const isRunning = play === "slow";
  const template = `
{{ $now := Now }}
{{ $root := . }}
conditions:
- lastTransitionTime: {{ $now | Quote }}
  status: "True"
  type: Initialized
- lastTransitionTime: {{ $now | Quote }}
  status: "False"
  type: Ready
  reason: ContainersNotReady
- lastTransitionTime: {{ $now | Quote }}
  status: "False"
  type: ContainersReady
  reason: ContainersNotReady
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
${isRunning ? "" : "  started: false\n"}${state}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: ${phase}
startTime: {{ $now | Quote }}
`;
  const isNew = { key: ".status.podIP", operator: "DoesNotExist" };
  return stage(play, [playing(play), isNew, ...(phase === "Running" ? [NO_JOB] : [])], template, 0);
}

const END_REASONS: ReadonlyMap<number, string> = new Map([
  [0, "Completed"],
  [137, "OOMKilled"],
]);

function jobEnd(
  name: string,
  which: TreeMap,
  { exitCode, afterMs }: { readonly exitCode: number; readonly afterMs: number },
): KubeObject {
  const template = jobEndTemplate(exitCode, END_REASONS.get(exitCode) ?? "Error");
  const conditions = [
    which,
    { key: ".status.phase", operator: "In", values: ["Running"] },
    { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] },
    // Only Jobs of the operator.
    { key: '.metadata.labels["app"]', operator: "In", values: ["k8s-nim-operator"] },
  ];
  return stage(`job-${name}`, conditions, template, afterMs);
}
