import { numberAt, textAt } from "@slipway/base";
import { RESOURCES, eachObject, type KubeApi, type KubeObject } from "@slipway/kube";
import { all } from "./look.ts";
import { cacheJobName } from "./pods.ts";

/** An event of the cluster, as far as it matters. */
export interface ClusterEvent {
  readonly kind: string;
  readonly name: string;
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** Milliseconds since 1970, the last time it was seen; 0 where it does not say. */
  readonly at: number;
}

/** Most events of a namespace that are read: they are kept for an hour, so that more are noise. */
const MOST = 5000;

/** The events of a namespace, oldest first. Throws as {@link KubeApi.list} does. */
export async function readEvents(
  api: Pick<KubeApi, "list">,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<readonly ClusterEvent[]> {
  const found = await all(eachObject(api, RESOURCES.events, { namespace, signal }), MOST);
  return found.map(eventOf).sort((left, right) => left.at - right.at);
}

function eventOf(event: KubeObject): ClusterEvent {
  const times = [
    textAt(event, "series", "lastObservedTime"),
    textAt(event, "lastTimestamp"),
    textAt(event, "eventTime"),
    textAt(event, "metadata", "creationTimestamp"),
  ].map((time) => Date.parse(time));
  return {
    kind: textAt(event, "involvedObject", "kind"),
    name: textAt(event, "involvedObject", "name"),
    type: textAt(event, "type"),
    reason: textAt(event, "reason"),
    message: textAt(event, "message").trim(),
    count: numberAt(event, "series", "count") ?? numberAt(event, "count") ?? 1,
    at: times.find((time) => !Number.isNaN(time)) ?? 0,
  };
}

/** What belongs to an object, by which its events are found. */
export interface Family {
  readonly kind: string;
  readonly name: string;
  readonly pods: readonly string[];
  readonly claim: string | undefined;
}

/** Whether an event is about an object or what belongs to it. */
export function isOfFamily({ kind, name, pods, claim }: Family, event: ClusterEvent): boolean {
  if (event.kind === "Pod") return pods.includes(event.name);
  if (event.kind === "PersistentVolumeClaim") return event.name === claim;
  if (event.kind === "Job") return event.name === cacheJobName(name);
  if (event.kind === "ReplicaSet") return isReplicaSetOf(name, event.name);
  const own = [kind, "Deployment", "StatefulSet", "LeaderWorkerSet", "InferenceService", "HorizontalPodAutoscaler"];
  return own.includes(event.kind) && (event.name === name || event.name === `${name}-lws`);
}

/** `llama-6d4cf56db6` is one of `llama`, and `llama-2-6d4cf56db6` is not. */
function isReplicaSetOf(name: string, replicaSet: string): boolean {
  return replicaSet.startsWith(`${name}-`) && /^[a-z0-9]{1,10}$/.test(replicaSet.slice(name.length + 1));
}
