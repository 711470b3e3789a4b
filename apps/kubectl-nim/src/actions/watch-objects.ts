import { listError, missingObject } from "@slipway/serving";
import { inform, isNotFound, nameOf, type KubeObject, type ObjectChange, type SelectOptions } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import type { Search } from "./find-objects.ts";
import { selectorError } from "./selector-error.ts";
import type { Target } from "./targets.ts";

/** What is done with objects that are followed. */
export interface Follower {
  /** Given what is there at first, by namespace and name. */
  start(objects: readonly KubeObject[]): void;
  change(change: ObjectChange): void;
}

/**
 * Follows the objects of a target until Ctrl-C, or until nobody reads standard output any more. What interrupts the
 * connection is told and tried again.
 *
 * @throws SlipwayError NOT_FOUND for a name that there is not at the start; what listing fails with for good; INTERRUPTED
 */
export async function watchObjects(
  { io, timer }: Pick<NimDeps, "io" | "timer">,
  { log }: Pick<CommandContext, "log">,
  { client, namespace }: Search,
  target: Target,
  selection: Pick<SelectOptions, "labelSelector" | "fieldSelector">,
  follower: Follower,
): Promise<void> {
  const stop = new AbortController();
  const { kind, name } = target;
  let isStarted = false;
  const flush = async (): Promise<void> => {
    if (!(await io.stdout.flush())) stop.abort();
  };
  const informer = inform(client, kind.resource, {
    ...selection,
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
    namespace,
    signal: AbortSignal.any([io.signal, stop.signal]),
    ...(timer === undefined ? {} : { timer }),
    onChange: (change) => {
      if (!isStarted) return;
      follower.change(change);
      void flush();
    },
    onRetry: (error, milliseconds) =>
      log.warn(`the watch was interrupted and goes on in ${Math.ceil(milliseconds / 1000)} s`, {
        reason: error instanceof Error ? error.message : String(error),
      }),
  });
  try {
    await informer.synced;
    const objects = informer.list().filter((object) => name === undefined || nameOf(object) === name);
    if (name !== undefined && objects.length === 0) throw await missingObject(client, kind, name, namespace, io.signal);
    isStarted = true;
    follower.start(objects);
    await flush();
    await informer.ended;
    io.signal.throwIfAborted();
  } catch (error) {
    throw isNotFound(error) ? listError(error, kind) : selectorError(error, selection);
  } finally {
    stop.abort();
  }
}
