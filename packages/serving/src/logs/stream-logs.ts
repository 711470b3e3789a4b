import type { Output, SlipwayError } from "@slipway/base";
import { systemTimer, type KubeApi, type KubeObject, type KubeStreams, type Timer } from "@slipway/kube";
import type { NimAddress } from "../related/pods.ts";
import type { PodContainer } from "./containers.ts";
import { getNimObject } from "../related/missing.ts";
import { followAll } from "./follow-all.ts";
import type { LineFormat } from "./line-stream.ts";
import type { LogNotes, LogStart } from "./log-deps.ts";
import { readAll } from "./read-all.ts";

/** Whose logs are wanted, and how. */
export interface StreamOptions {
  readonly targets: readonly NimAddress[];
  /** Names of containers; empty for all of them. */
  readonly containers: readonly string[];
  /** `follow`: until nothing more will come; `once`: what is there; `previous`: what was there before the last restart. */
  readonly mode: "follow" | "once" | "previous";
  readonly start: LogStart;
  /** How the lines of a container look. */
  readonly formatOf: (container: PodContainer) => LineFormat;
}

/** What streaming takes from outside. */
export interface StreamDeps {
  readonly api: Pick<KubeApi, "get" | "list" | "watch"> & Pick<KubeStreams, "logs">;
  readonly output: Pick<Output, "write" | "flush">;
  readonly notes: LogNotes;
  readonly timer?: Timer | undefined;
  readonly signal: AbortSignal;
}

/** An object with its address. */
export interface FoundTarget {
  readonly address: NimAddress;
  readonly object: KubeObject;
}

/** What became of the logs. */
export interface Streamed {
  /** How many containers were read. */
  readonly containers: number;
  /** What could not be read, by container. */
  readonly failures: readonly SlipwayError[];
}

/**
 * Writes the logs of every container of every pod of services and caches at once; with `follow` those of pods and restarts
 * that come later too, until the objects are gone or, for a cache, done. Ends quietly when nobody reads any more.
 *
 * @throws SlipwayError NOT_FOUND for an object, a container or pods that are not there; what `signal` was aborted with;
 * what the server refuses for good
 */
export async function streamLogs(deps: StreamDeps, options: StreamOptions): Promise<Streamed> {
  const { api, signal } = deps;
  const targets: FoundTarget[] = [];
  for (const address of options.targets) targets.push({ address, object: await getNimObject(api, address, signal) });
  const over = new AbortController();
  const failures: SlipwayError[] = [];
  const notes: LogNotes = {
    note: (text) => deps.notes.note(text),
    failed: (container, error, isFinal) => {
      if (isFinal) failures.push(error);
      deps.notes.failed(container, error, isFinal);
    },
  };
  const work = {
    ...deps,
    notes,
    timer: deps.timer ?? systemTimer,
    signal: AbortSignal.any([signal, over.signal]),
    onGone: () => over.abort(),
  };
  try {
    const all = options.mode === "follow" ? followAll : readAll;
    return { containers: await all(work, targets, options), failures };
  } catch (error) {
    if (over.signal.aborted && !signal.aborted) return { containers: 0, failures: [] };
    throw error;
  } finally {
    over.abort();
  }
}
