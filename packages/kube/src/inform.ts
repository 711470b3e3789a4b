import { SlipwayError } from "@slipway/base";
import type { KubeApi, SelectOptions } from "./api.ts";
import { backOff, type BackOff } from "./back-off.ts";
import { ChangeQueue } from "./change-queue.ts";
import { deferred } from "./deferred.ts";
import { isExpired } from "./errors.ts";
import type { KubeObject } from "./objects.ts";
import { ObjectStore, isOlder, type ObjectChange } from "./object-store.ts";
import type { Resource } from "./resources.ts";
import { systemTimer, type Timer } from "./timer.ts";

/** What is followed, and who is told. */
export interface InformOptions extends Pick<SelectOptions, "namespace" | "labelSelector" | "fieldSelector"> {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Most objects of a page of the first list. */
  readonly pageSize?: number;
  /** Milliseconds after which every object is shown again as `updated`; 0, or nothing: never. */
  readonly resyncMs?: number;
  /** Told of every change, in order. Must not throw. */
  readonly onChange?: (change: ObjectChange) => void;
  /** Told of every failure that is tried again, with the milliseconds until then. */
  readonly onRetry?: (error: unknown, inMs: number) => void;
  readonly timer?: Timer;
  /** Numbers from 0 to below 1, for the pauses between tries. */
  readonly random?: () => number;
}

/** The objects of a kind as they are in the cluster, shortly after. */
export interface Informer {
  /** Done when every object that was there at first is known. Rejects when that cannot be had, or `signal` is aborted before. */
  readonly synced: Promise<void>;
  /** Done when it has ended because `signal` was aborted; rejects as `synced` does. */
  readonly ended: Promise<void>;
  get(name: string, namespace?: string): KubeObject | undefined;
  /** By namespace and name. */
  list(namespace?: string): readonly KubeObject[];
  /**
   * What is there now, as `added`, and every change from now on until `signal` is aborted. For a reader that is slow, the
   * changes of one object are put together.
   */
  changes(): AsyncIterable<ObjectChange>;
}

const PAGE = 500;

/**
 * Follows the objects of a kind: lists them page by page, watches from there, comes back after each interruption where it
 * left off, and lists anew when the server has forgotten that point; then what went meanwhile is told as deleted. Tries
 * again for ever once it has been in step with the server; before that, what the server refuses (no rights, no such
 * kind) ends it.
 */
export function inform(api: Pick<KubeApi, "list" | "watch">, resource: Resource, options: InformOptions): Informer {
  const run = new Run(api, resource, options);
  const { store } = run;
  const ended = run.start();
  // Not everybody waits for both.
  ended.catch(() => undefined);
  return {
    synced: run.synced,
    ended,
    get: (name, namespace) => store.get(name, namespace),
    list: (namespace) => store.list(namespace),
    changes: () => run.subscribe(),
  };
}

class Run {
  readonly store = new ObjectStore();
  readonly synced: Promise<void>;
  readonly #api: Pick<KubeApi, "list" | "watch">;
  readonly #resource: Resource;
  readonly #options: InformOptions;
  readonly #timer: Timer;
  readonly #pause: BackOff;
  readonly #queues = new Set<ChangeQueue>();
  readonly #sync = deferred<void>();
  #isSynced = false;
  #end: { readonly error?: unknown } | undefined;
  /** Where the next watch starts; nothing: list first. */
  #version: string | undefined;

  constructor(api: Pick<KubeApi, "list" | "watch">, resource: Resource, options: InformOptions) {
    this.#api = api;
    this.#resource = resource;
    this.#options = options;
    this.#timer = options.timer ?? systemTimer;
    this.#pause = backOff(options.random);
    this.synced = this.#sync.promise;
    this.synced.catch(() => undefined);
  }

  async start(): Promise<void> {
    const { signal } = this.#options;
    const resync = new AbortController();
    const resyncing = this.#resync(AbortSignal.any([signal, resync.signal]));
    try {
      while (!signal.aborted) await this.#round();
      this.#sync.reject(signal.reason);
      this.#close({});
    } catch (error) {
      this.#sync.reject(error);
      this.#close({ error });
      throw error;
    } finally {
      resync.abort();
      await resyncing;
    }
  }

  subscribe(): AsyncIterable<ObjectChange> {
    const queue = new ChangeQueue();
    for (const object of this.store.list()) queue.push({ type: "added", object });
    this.#queues.add(queue);
    if (this.#end !== undefined) queue.close(this.#end);
    return queue;
  }

  #close(end: { readonly error?: unknown }): void {
    this.#end = end;
    for (const queue of this.#queues) queue.close(end);
  }

  /** One list, if need be, and one watch. Throws what no further try would change. */
  async #round(): Promise<void> {
    const { signal } = this.#options;
    try {
      this.#version ??= await this.#list();
      const heard = await this.#watch(this.#version);
      if (heard || signal.aborted) return;
      // A server that ends watches at once must not be asked again at once.
      await this.#timer.sleep(this.#pause.next(), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!this.#isSynced && !isWorthRetrying(error)) throw error;
      if (isExpired(error) || !isWorthRetrying(error)) this.#version = undefined;
      const milliseconds = this.#pause.next();
      this.#options.onRetry?.(error, milliseconds);
      await this.#timer.sleep(milliseconds, signal);
    }
  }

  /** Takes in everything that is there. @returns the version that it shows */
  async #list(): Promise<string> {
    let found: Listed;
    try {
      found = await this.#pages(this.#options.pageSize ?? PAGE);
    } catch (error) {
      // The server forgot the list between two pages: whole, it comes in one answer.
      if (!isExpired(error)) throw error;
      found = await this.#pages(undefined);
    }
    this.#tell(this.store.replace(found.objects));
    this.#isSynced = true;
    this.#sync.resolve();
    return found.version;
  }

  async #pages(limit: number | undefined): Promise<Listed> {
    const objects: KubeObject[] = [];
    let next: string | undefined;
    let version = "";
    do {
      const page = await this.#api.list(this.#resource, { ...this.#selection(), limit, continue: next });
      objects.push(...page.items);
      version = page.resourceVersion;
      next = page.continue;
    } while (next !== undefined && next !== "");
    return { objects, version };
  }

  /** @returns whether anything was heard before the watch ended */
  async #watch(from: string): Promise<boolean> {
    const options = { ...this.#selection(), resourceVersion: from, allowWatchBookmarks: true };
    let heard = false;
    for await (const { type, object } of this.#api.watch(this.#resource, options)) {
      if (this.#options.signal.aborted) break;
      heard = true;
      this.#pause.reset();
      if (type === "DELETED") this.#tell(this.store.remove(object));
      else if (type !== "BOOKMARK") this.#tell(this.store.put(object));
      const { resourceVersion } = object.metadata;
      if (!isOlder(resourceVersion, this.#version)) this.#version = resourceVersion ?? this.#version;
    }
    return heard;
  }

  async #resync(signal: AbortSignal): Promise<void> {
    const { resyncMs = 0 } = this.#options;
    if (resyncMs <= 0) return;
    for (;;) {
      await this.#timer.sleep(resyncMs, signal);
      if (signal.aborted) return;
      this.#tell(this.store.list().map((object) => ({ type: "updated", object, previous: object })));
    }
  }

  #tell(changes: readonly ObjectChange[]): void {
    for (const change of changes) {
      this.#options.onChange?.(change);
      for (const queue of this.#queues) queue.push(change);
    }
  }

  #selection(): Pick<SelectOptions, "namespace" | "labelSelector" | "fieldSelector" | "signal"> {
    const { namespace, labelSelector, fieldSelector, signal } = this.#options;
    return { namespace, labelSelector, fieldSelector, signal };
  }
}

interface Listed {
  readonly objects: readonly KubeObject[];
  readonly version: string;
}

/** Whether the same request may be answered otherwise a while later. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof SlipwayError && ["UNAVAILABLE", "TIMED_OUT"].includes(error.code);
}
