import { listAt, mapAt, numberAt, textAt } from "@slipway/base";
import { RESOURCES, describeObject, type KubeObject, type Resource } from "@slipway/kube";
import type { ComponentRef, Recipe } from "@slipway/recipe";
import type { CheckContext } from "./context.ts";
import { list } from "./read.ts";

/** What runs pods and tells how many are ready. */
const KINDS: readonly Resource[] = [RESOURCES.deployments, RESOURCES.daemonSets, RESOURCES.statefulSets];

/** A workload, and how far it is. */
export interface Workload {
  readonly object: KubeObject;
  readonly wanted: number;
  readonly ready: number;
  /** `Deployment ns/name: 1 of 2 ready`. */
  readonly text: string;
  readonly isReady: boolean;
}

/** Reads how far a Deployment, DaemonSet or StatefulSet is. A state of an older specification counts as not ready. */
export function workloadOf(object: KubeObject): Workload {
  const isDaemonSet = object.kind === "DaemonSet";
  const wanted = isDaemonSet
    ? (numberAt(object, "status", "desiredNumberScheduled") ?? 0)
    : (numberAt(object, "spec", "replicas") ?? 1);
  const ready = isDaemonSet
    ? (numberAt(object, "status", "numberReady") ?? 0)
    : (numberAt(object, "status", object.kind === "Deployment" ? "availableReplicas" : "readyReplicas") ?? 0);
  const generation = object.metadata.generation ?? 0;
  const isCurrent = (numberAt(object, "status", "observedGeneration") ?? generation) >= generation;
  const text = `${describeObject(object)}: ${ready} of ${wanted} ready${isCurrent ? "" : ", its controller has not seen the last change"}`;
  return { object, wanted, ready, text, isReady: ready >= wanted && isCurrent };
}

/** The workloads of a namespace. */
export async function workloadsIn(context: CheckContext, namespace: string): Promise<readonly Workload[]> {
  const found = await Promise.all(KINDS.map((kind) => list(context, kind, { namespace })));
  return found.flatMap((objects) => objects ?? []).map(workloadOf);
}

/**
 * The workloads of a component. A namespace that it has for itself is its own, with all that its operator made there; in
 * a shared one, what its Helm release (or Argo CD application) labels.
 */
export async function workloadsOf(context: CheckContext, component: ComponentRef): Promise<readonly Workload[]> {
  const { name, namespace } = component;
  if (namespace === undefined) return [];
  const found = await workloadsIn(context, namespace);
  if (sharers(context.recipe, namespace) < 2) return found;
  return found.filter(({ object }) => releaseOf(object) === name);
}

function sharers({ components }: Pick<Recipe, "components">, namespace: string): number {
  return components.filter((component) => component.namespace === namespace).length;
}

function releaseOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.["meta.helm.sh/release-name"] ?? metadata.labels?.["app.kubernetes.io/instance"];
}

/** States in which a container that waits does not get on by itself. */
const STUCK =
  /^(CrashLoopBackOff|ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainer(?:Config)?Error|RunContainerError)$/;

/** Sentences about the pods of a namespace that do not get on: what they wait for, or why they cannot be placed. */
export async function stuckPods(context: CheckContext, namespace: string): Promise<readonly string[]> {
  const pods = (await list(context, RESOURCES.pods, { namespace })) ?? [];
  return pods.flatMap(podProblems);
}

/** What keeps a pod from running. */
export function podProblems(pod: KubeObject): readonly string[] {
  const placed = listAt(pod, "status", "conditions").find((condition) => textAt(condition, "type") === "PodScheduled");
  const waiting = ["initContainerStatuses", "containerStatuses"].flatMap((key) => listAt(pod, "status", key));
  const problems = waiting.flatMap((status) => {
    const state = mapAt(status, "state", "waiting");
    const reason = textAt(state, "reason");
    return STUCK.test(reason)
      ? [`container ${textAt(status, "name")}: ${sentenceOf(reason, textAt(state, "message"))}`]
      : [];
  });
  if (textAt(placed, "status") === "False") problems.push(sentenceOf("not placed", textAt(placed, "message")));
  if (textAt(pod, "status", "phase") === "Failed")
    problems.push(sentenceOf("failed", textAt(pod, "status", "message") || textAt(pod, "status", "reason")));
  return problems.map((problem) => `${describeObject(pod)}: ${problem}`);
}

function sentenceOf(head: string, message: string): string {
  return message === "" ? head : `${head}: ${message}`;
}
