import { SlipwayError } from "@slipway/base";
import type { KubeApi, RequestOptions } from "./api.ts";
import { backOff } from "./back-off.ts";
import { isExpired, isForbidden } from "./errors.ts";
import { isWorthRetrying } from "./inform.ts";
import type { KubeObject } from "./objects.ts";
import { isOlder } from "./object-store.ts";
import type { Resource } from "./resources.ts";
import { systemTimer, type Timer } from "./timer.ts";

/** How long is waited, and where. */
export interface WaitOptions extends RequestOptions {
  readonly namespace?: string | undefined;
  /** What is waited for, for the message of a timeout: `to finish`. */
  readonly until: string;
  readonly timer?: Timer;
  readonly random?: () => number;
}

/** Pause between looks where watching is not allowed. */
const POLL_MS = 1000;

/**
 * Waits until an object is as it should be. Looks at it first, then at each change; a connection that is lost, or a server
 * that is down for a while, does not end the wait. Needs the rights to list and, if possible, to watch.
 *
 * @param predicate is given the object, or nothing when there is none; what it throws ends the wait
 * @returns the object that the predicate accepted
 * @throws SlipwayError TIMED_OUT after `timeoutMs`, if that is given; what `signal` was aborted with; what the server
 * refuses for good
 */
export async function waitFor(
  api: Pick<KubeApi, "list" | "watch">,
  resource: Resource,
  name: string,
  predicate: (object: KubeObject | undefined) => boolean,
  options: WaitOptions,
): Promise<KubeObject | undefined> {
  const { namespace, until, timeoutMs, timer = systemTimer } = options;
  const over = new AbortController();
  const stop = options.signal === undefined ? over.signal : AbortSignal.any([options.signal, over.signal]);
  const told = `${resource.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const expire = async (milliseconds: number): Promise<void> => {
    await timer.sleep(milliseconds, stop);
    over.abort(new SlipwayError("TIMED_OUT", `${told}: waited ${milliseconds / 1000} s for it ${until}`));
  };
  if (timeoutMs !== undefined) void expire(timeoutMs);
  const look: Look = { api, resource, name, namespace, predicate, signal: stop };
  const pause = backOff(options.random);
  try {
    for (;;) {
      stop.throwIfAborted();
      const delay = await tryOnce(look, () => pause.next());
      if ("found" in delay) return delay.found;
      if (delay.isFresh) pause.reset();
      await timer.sleep(delay.milliseconds, stop);
    }
  } finally {
    over.abort();
  }
}

interface Look {
  readonly api: Pick<KubeApi, "list" | "watch">;
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly predicate: (object: KubeObject | undefined) => boolean;
  readonly signal: AbortSignal;
}

type Outcome =
  | { readonly found: KubeObject | undefined }
  | { readonly milliseconds: number; readonly isFresh: boolean };

async function tryOnce(look: Look, next: () => number): Promise<Outcome> {
  const { api, resource, name, namespace, predicate, signal } = look;
  const selection = { namespace, fieldSelector: `metadata.name=${name}`, signal };
  let isFresh = false;
  try {
    const { items, resourceVersion } = await api.list(resource, selection);
    const [there] = items;
    if (predicate(there)) return { found: there };
    isFresh = true;
    const found = await watchFrom(look, resourceVersion, there);
    return found ?? { milliseconds: next(), isFresh };
  } catch (error) {
    signal.throwIfAborted();
    if (isFresh && isForbidden(error)) return { milliseconds: POLL_MS, isFresh };
    if (!isExpired(error) && !isWorthRetrying(error)) throw error;
    return { milliseconds: next(), isFresh };
  }
}

/** @returns nothing when the watch ended before the object was as it should be */
async function watchFrom(
  { api, resource, name, namespace, predicate, signal }: Look,
  resourceVersion: string,
  there: KubeObject | undefined,
): Promise<{ readonly found: KubeObject | undefined } | undefined> {
  const options = { namespace, fieldSelector: `metadata.name=${name}`, signal, resourceVersion };
  let newest = there?.metadata.resourceVersion;
  for await (const { type, object } of api.watch(resource, options)) {
    signal.throwIfAborted();
    if (type === "BOOKMARK" || isOlder(object.metadata.resourceVersion, newest)) continue;
    newest = object.metadata.resourceVersion;
    const now = type === "DELETED" ? undefined : object;
    if (predicate(now)) return { found: now };
  }
  return undefined;
}
