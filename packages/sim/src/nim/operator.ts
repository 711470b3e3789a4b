import { messageOf, textAt, type Clock } from "@slipway/base";
import {
  RESOURCES,
  inform,
  isConflict,
  isNotFound,
  systemTimer,
  type Informer,
  type KubeApi,
  type KubeObject,
  type Resource,
  type Timer,
} from "@slipway/kube";
import { NIM_RESOURCES } from "@slipway/serving";
import { reconcileCache } from "./cache/reconcile.ts";
import { find, type Context } from "./context.ts";
import type { Generation } from "./definitions/generation.ts";
import { annotationScript, type Script } from "./script.ts";
import { reconcileService } from "./service/reconcile.ts";
import { WorkQueue } from "./work-queue.ts";

/** How the operator behaves. */
export interface NimOperatorOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whose objects it looks after; those of all namespaces unless given. */
  readonly namespaceFilter?: (namespace: string) => boolean;
  /** Whose status fields it writes; the newest's unless given. */
  readonly generation?: Generation;
  /** What becomes of an object; what its annotation says unless given. */
  readonly script?: Script;
  /** Told the name of each model that is ready to be asked: the end of its image's repository. */
  readonly onModel?: (model: string) => void;
  /** Milliseconds after which an object that failed, or that nobody told of, is looked at again; a second unless given. */
  readonly retryMs?: number;
  readonly clock?: Clock;
  readonly timer?: Timer;
  /** Told of every look at an object that failed; it is tried again. */
  readonly onError?: (message: string) => void;
}

/** An operator that runs. */
export interface NimOperator {
  /** Done when it knows all objects that were there. */
  readonly synced: Promise<void>;
  /** Done when it has ended. Rejects when the kinds of the operator are not known to the cluster. */
  readonly ended: Promise<void>;
}

/** An object to look at. */
interface Target {
  readonly kind: "NIMCache" | "NIMService";
  readonly namespace: string;
  readonly name: string;
}

/** Nobody tells of what KServe makes, or of an account that was removed. */
const RESYNC_MS = 10_000;

const CHILDREN: readonly Resource[] = [RESOURCES.jobs, RESOURCES.deployments, RESOURCES.pods];

/**
 * Plays the NIM Operator: makes for each NIMCache and NIMService what the real one makes, and tells of it with the same
 * states, conditions and events. The pods themselves are the cluster's business: kwok's, or the test's.
 */
export function runNimOperator(api: KubeApi, options: NimOperatorOptions): NimOperator {
  const { signal, retryMs = 1000, timer = systemTimer, onError = () => {} } = options;
  const isWanted = options.namespaceFilter ?? (() => true);
  const context: Context = {
    api,
    signal,
    clock: options.clock ?? { now: () => new Date() },
    generation: options.generation ?? "head",
    script: options.script ?? annotationScript,
    onModel: options.onModel ?? (() => {}),
  };
  const queue = new WorkQueue<Target>(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`);
  const add = (target: Target): void => {
    if (isWanted(target.namespace)) queue.add(target);
  };
  const services = follow(api, NIM_RESOURCES.nimServices, signal, (object) => add(targetOf("NIMService", object)));
  const caches = follow(api, NIM_RESOURCES.nimCaches, signal, (cache) => {
    add(targetOf("NIMCache", cache));
    for (const service of services.list(cache.metadata.namespace))
      if (usesCache(service, cache)) add(targetOf("NIMService", service));
  });
  const children = CHILDREN.map((resource) => follow(api, resource, signal, (object) => ownersOf(object).forEach(add)));
  const informers = [services, caches, ...children];
  const look = async (target: Target): Promise<void> => {
    try {
      await reconcile(context, target);
    } catch (error) {
      if (signal.aborted) return;
      // Somebody was faster: what it changed is told, and looked at.
      if (!isConflict(error) && !isNotFound(error))
        onError(`${target.kind} ${target.namespace}/${target.name}: ${messageOf(error)}`);
      void timer.sleep(retryMs, signal).then(() => add(target));
    }
  };
  const ended = Promise.all([queue.run(look, signal), ...informers.map((informer) => informer.ended)]);
  const synced = Promise.all(informers.map((informer) => informer.synced));
  // Not everybody waits for both.
  synced.catch(() => undefined);
  ended.catch(() => undefined);
  return { synced: synced.then(() => undefined), ended: ended.then(() => undefined) };
}

function follow(
  api: KubeApi,
  resource: Resource,
  signal: AbortSignal,
  onObject: (object: KubeObject) => void,
): Informer {
  return inform(api, resource, { signal, resyncMs: RESYNC_MS, onChange: ({ object }) => onObject(object) });
}

function targetOf(kind: Target["kind"], { metadata }: KubeObject): Target {
  return { kind, namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}

function ownersOf({ metadata }: KubeObject): readonly Target[] {
  const { namespace = "", ownerReferences = [] } = metadata;
  return ownerReferences.flatMap(({ kind, name }) =>
    kind === "NIMCache" || kind === "NIMService" ? [{ kind, namespace, name }] : [],
  );
}

function usesCache(service: KubeObject, cache: KubeObject): boolean {
  return textAt(service, "spec", "storage", "nimCache", "name") === cache.metadata.name;
}

async function reconcile(context: Context, { kind, namespace, name }: Target): Promise<void> {
  const isCache = kind === "NIMCache";
  const resource = isCache ? NIM_RESOURCES.nimCaches : NIM_RESOURCES.nimServices;
  const object = await find(context, resource, name, namespace);
  if (object === undefined) return;
  await (isCache ? reconcileCache(context, object) : reconcileService(context, object));
}
