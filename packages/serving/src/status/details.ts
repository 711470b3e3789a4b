import { textAt, textsAt } from "@slipway/base";
import { RESOURCES, eachObject, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import { containersOf, type ContainerState } from "../related/container-states.ts";
import type { ClusterEvent } from "../related/events.ts";
import type { Looked } from "../related/look.ts";
import { all, foundOr, look } from "../related/look.ts";
import { isOfFamily, readEvents } from "../related/events.ts";
import { cacheJobName, podsOf, type NimAddress } from "../related/pods.ts";
import { claimOf, type NimCacheView, type NimServiceView } from "./nim-object.ts";
import { conditionsOf } from "./condition.ts";
import { mounts, volumeUse, type VolumeUse } from "./volume-use.ts";

/** A pod, as far as people look at it. */
export interface PodView {
  readonly name: string;
  readonly phase: string;
  readonly containers: readonly ContainerState[];
  /** Why it does not run: of a container, of the scheduler, of the node; empty where there is nothing to say. */
  readonly reason: string;
  readonly node: string;
  readonly created: string;
}

/** A claim, as far as people look at it. */
export interface ClaimView {
  readonly name: string;
  readonly phase: string;
  readonly capacity: string;
  readonly storageClass: string;
  readonly accessModes: readonly string[];
  /** Nothing where it is not known. */
  readonly use: VolumeUse | undefined;
}

/** What is around one object. What may not be read is unknown, with the reason. */
export interface NimDetails {
  readonly pods: Looked<readonly PodView[]>;
  /** Nothing for an object without a claim of its own. */
  readonly claim: (Looked<ClaimView> & { readonly name: string }) | undefined;
  /** The Job that fills a cache. */
  readonly job: Looked<KubeObject> | undefined;
  /** Oldest first. */
  readonly events: Looked<readonly ClusterEvent[]>;
}

/**
 * Reads what is around an object: pods, claim, Job, events; at the same time, and whatever of it may be read.
 *
 * @throws SlipwayError UNAVAILABLE when the cluster cannot be reached, INTERRUPTED
 */
export async function readDetails(
  api: Pick<KubeApi, "get" | "list" | "read">,
  view: NimServiceView | NimCacheView,
  signal: AbortSignal,
): Promise<NimDetails> {
  const { kind, name, namespace } = view;
  const address: NimAddress = { kind, name, namespace };
  const claimName = claimOf(view);
  const [pods, claim, job, events] = await Promise.all([
    look(podsOf(api, address, signal)),
    claimName === "" ? undefined : look(api.get(RESOURCES.persistentVolumeClaims, claimName, { namespace, signal })),
    kind === "NIMCache" ? look(api.get(RESOURCES.jobs, cacheJobName(name), { namespace, signal })) : undefined,
    look(readEvents(api, namespace, signal)),
  ]);
  const names = foundOr(pods, []).map(nameOf);
  const family = { kind, name, pods: names, claim: claimName === "" ? undefined : claimName };
  return {
    pods: mapped(pods, (found) => found.map(podView)),
    claim:
      claim === undefined
        ? undefined
        : {
            name: claimName,
            ...(await claimView(api, { namespace, name: claimName }, claim, foundOr(pods, []), signal)),
          },
    job,
    events: mapped(events, (found) => found.filter((event) => isOfFamily(family, event))),
  };
}

/** The ready containers of a pod, of all that are meant to go on running. */
export function readyText({ containers }: PodView): string {
  const main = containers.filter(({ isInit }) => !isInit);
  return `${main.filter(({ isReady }) => isReady).length}/${main.length}`;
}

/** How often the containers of a pod were started again. */
export function restartsOf({ containers }: PodView): number {
  return containers.reduce((sum, { restarts }) => sum + restarts, 0);
}

async function claimView(
  api: Pick<KubeApi, "list" | "read">,
  address: { readonly namespace: string; readonly name: string },
  claim: Looked<KubeObject>,
  pods: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Looked<ClaimView>> {
  if (claim.state !== "found") return claim;
  const hasOwn = pods.some((pod) => mounts(pod, address.name));
  const users = hasOwn ? pods : await neighbours(api, address.namespace, signal);
  const use = await volumeUse(api, address, users, signal);
  const { value } = claim;
  return mapped(claim, () => ({
    name: address.name,
    phase: textAt(value, "status", "phase"),
    capacity:
      textAt(value, "status", "capacity", "storage") || textAt(value, "spec", "resources", "requests", "storage"),
    storageClass: textAt(value, "spec", "storageClassName"),
    accessModes: textsAt(value, "spec", "accessModes"),
    use,
  }));
}

/** Other pods that may have the claim mounted: those of the services of a cache. */
async function neighbours(
  api: Pick<KubeApi, "list">,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const options = { namespace, signal, fieldSelector: "status.phase=Running" };
  return foundOr(await look(all(eachObject(api, RESOURCES.pods, options))), []);
}

function podView(pod: KubeObject): PodView {
  const containers = containersOf(pod);
  return {
    name: nameOf(pod),
    phase: textAt(pod, "metadata", "deletionTimestamp") === "" ? textAt(pod, "status", "phase") : "Terminating",
    containers,
    reason: reasonOf(pod, containers),
    node: textAt(pod, "spec", "nodeName"),
    created: textAt(pod, "metadata", "creationTimestamp"),
  };
}

function reasonOf(pod: KubeObject, containers: readonly ContainerState[]): string {
  const own = textAt(pod, "status", "reason");
  if (own !== "") return own;
  const unplaced = conditionsOf(pod).find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unplaced !== undefined) return unplaced.reason;
  const waiting = containers.find((container) => container.waiting !== "" && container.waiting !== "PodInitializing");
  const ended = containers.find(({ ending, isReady }) => !isReady && ending !== undefined && ending.exitCode !== 0);
  const parts = [waiting?.waiting ?? "", ended?.ending === undefined ? "" : endingText(ended.ending)];
  return parts.filter((part) => part !== "").join(", ");
}

/** `OOMKilled (exit 137)` */
export function endingText({ reason, exitCode }: { readonly reason: string; readonly exitCode: number }): string {
  return `${reason || "Ended"} (exit ${exitCode})`;
}

function mapped<From, To>(looked: Looked<From>, change: (value: From) => To): Looked<To> {
  return looked.state === "found" ? { state: "found", value: change(looked.value) } : looked;
}
