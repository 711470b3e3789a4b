import { textAt, type Tree, type TreeMap } from "@slipway/base";
import type { ContainerState } from "../related/container-states.ts";
import type { ClusterEvent } from "../related/events.ts";
import type { Looked } from "../related/look.ts";
import { currentCondition, decidingCondition, type Condition } from "./condition.ts";
import { readyText, restartsOf, type ClaimView, type NimDetails, type PodView } from "./details.ts";
import type { NimCacheView, NimServiceView } from "./nim-object.ts";

/**
 * The status of an object and of what is around it as one document, `kind: NIMStatus`; what could not be read is listed
 * under `unread`, with the reason.
 *
 * @param details only for an object that was asked for by name
 */
export function statusDocument(
  view: NimServiceView | NimCacheView,
  available: number | undefined,
  details?: NimDetails,
): TreeMap {
  const { conditions } = view;
  return {
    kind: "NIMStatus",
    metadata: { name: view.name, namespace: view.namespace, creationTimestamp: view.created },
    resource: view.kind,
    state: view.state,
    condition: conditionTree(currentCondition(conditions)),
    shownCondition: conditionTree(decidingCondition(conditions)),
    conditions: conditions.map(conditionTree),
    ...(view.kind === "NIMService" ? serviceTree(view, available) : cacheTree(view)),
    ...(details === undefined ? {} : detailsTree(details)),
  };
}

function serviceTree({ wanted, ...view }: NimServiceView, available: number | undefined): TreeMap {
  return {
    replicas: {
      available: available ?? null,
      ...(wanted.kind === "fixed" ? { wanted: wanted.count } : { least: wanted.least, most: wanted.most }),
    },
    endpoint: { model: view.model, cluster: view.clusterEndpoint, external: view.externalEndpoint },
    profile: view.profile,
  };
}

function cacheTree({ pvc, profiles }: NimCacheView): TreeMap {
  return {
    pvc,
    profiles: profiles.map(({ name, model, release, config }) => ({
      name,
      model,
      release,
      config: Object.fromEntries(config),
    })),
  };
}

function detailsTree({ pods, claim, job, events }: NimDetails): TreeMap {
  const unread = [
    ...unreadOf("pods", pods),
    ...(claim === undefined ? [] : unreadOf(`claim ${claim.name}`, claim)),
    ...(job === undefined ? [] : unreadOf("job", job)),
    ...unreadOf("events", events),
  ];
  return {
    pods: foundList(pods).map(podTree),
    ...(claim?.state === "found" ? { claim: claimTree(claim.value) } : {}),
    ...(job?.state === "found" ? { job: { name: textAt(job.value, "metadata", "name") } } : {}),
    events: foundList(events).map(eventTree),
    unread,
  };
}

function foundList<Value>(looked: Looked<readonly Value[]>): readonly Value[] {
  return looked.state === "found" ? looked.value : [];
}

function unreadOf(what: string, looked: Looked<unknown>): readonly Tree[] {
  return looked.state === "unknown" ? [{ what, reason: looked.why }] : [];
}

function conditionTree(condition: Condition | undefined): Tree {
  return condition === undefined ? null : { ...condition };
}

function podTree(pod: PodView): TreeMap {
  const { name, phase, reason, node, created, containers } = pod;
  return {
    name,
    phase,
    ready: readyText(pod),
    restarts: restartsOf(pod),
    reason,
    node,
    created,
    containers: containers.map(containerTree),
  };
}

function containerTree({ name, isInit, isReady, restarts, waiting, message, ending }: ContainerState): TreeMap {
  return {
    name,
    init: isInit,
    ready: isReady,
    restarts,
    ...(waiting === "" ? {} : { waiting, message }),
    ...(ending === undefined ? {} : { ended: { ...ending } }),
  };
}

function claimTree({ name, phase, capacity, storageClass, accessModes, use }: ClaimView): TreeMap {
  return {
    name,
    phase,
    capacity,
    storageClass,
    accessModes,
    use: use === undefined ? null : { usedBytes: use.used, capacityBytes: use.capacity },
  };
}

function eventTree({ kind, name, type, reason, message, count, at }: ClusterEvent): TreeMap {
  const lastSeen = at === 0 ? "" : new Date(at).toISOString();
  return { type, reason, object: `${kind}/${name}`, count, lastSeen, message };
}
