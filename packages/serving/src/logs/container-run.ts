import { SlipwayError } from "@slipway/base";
import { KubeApiError, isForbidden, isNotFound } from "@slipway/kube";
import type { PodContainer } from "./containers.ts";
import { LineStream, type LineFormat } from "./line-stream.ts";
import type { FollowDeps, LogStart } from "./log-deps.ts";

/** What is read of a container's log: what comes too, what is there, or what the run before the last restart wrote. */
export type LogMode = "follow" | "once" | "previous";

/** How the log of one run is read. */
export interface RunOptions {
  readonly format: LineFormat;
  readonly start: LogStart;
  readonly mode: LogMode;
}

/** Longest pause between two tries to reach a log, milliseconds. */
const MOST_PAUSE_MS = 10_000;
/** How long a log may be refused as not there yet, milliseconds of pause. */
const MOST_EARLY_MS = 5000;
/** How often what is there is asked for when its answer breaks off. */
const MOST_BREAKS = 3;
const PART_BYTES = 64 * 1024;

type Outcome = "ended" | "broken" | "gone" | "lost" | "skipped";

/** The log of a container from one start to its end. */
export class ContainerRun {
  readonly #deps: FollowDeps;
  readonly #container: PodContainer;
  readonly #options: RunOptions;
  readonly #lines: LineStream;
  #pause = 0;
  #breaks = 0;
  /** Whether a failure was told since something was read last. */
  #isTold = false;

  constructor(deps: FollowDeps, container: PodContainer, options: RunOptions) {
    this.#deps = deps;
    this.#container = container;
    this.#options = options;
    this.#lines = new LineStream(options.format);
  }

  /**
   * Writes the log. A connection that breaks off is taken up where it was.
   *
   * @returns false when nothing more of this container can be read
   */
  async read(): Promise<boolean> {
    const { board, sink, signal } = this.#deps;
    while (!signal.aborted && sink.isRead) {
      const now = board.find(this.#container);
      const later = (now?.restarts ?? 0) - this.#container.restarts;
      if (later > 1) return await this.#missed();
      const follow = this.#follows(now, later);
      const outcome = await this.#request(follow, later === 1);
      if (outcome === "lost") return false;
      // A log that is followed may end because its kubelet was lost: only one that is over is known to be whole.
      const isWhole = outcome === "skipped" || (outcome === "ended" && !follow);
      if (isWhole || outcome === "gone" || now === undefined) {
        await sink.push(this.#lines.end());
        return isWhole;
      }
      await this.#wait();
    }
    return false;
  }

  #follows(now: PodContainer | undefined, later: number): boolean {
    return this.#options.mode === "follow" && now?.phase === "running" && later === 0;
  }

  /** It was started anew twice since: kubelets keep one log of before. */
  async #missed(): Promise<true> {
    await this.#deps.sink.push(this.#lines.end());
    this.#noteGone();
    return true;
  }

  /** Of a log that was being read, the end is missed; of one that was not, nothing. */
  #noteLostEnd(): void {
    if (this.#lines.position !== undefined) this.#noteGone();
  }

  #noteGone(): void {
    const { pod, container, restarts } = this.#container;
    this.#deps.notes.note(`${pod}/${container}: the end of its log before restart ${restarts + 1} is gone`);
  }

  /** News of the pod mostly come right behind the end of its log. */
  async #wait(): Promise<void> {
    const { board, timer, signal } = this.#deps;
    const now = board.find(this.#container);
    const isRunning = now?.phase === "running" && now.restarts === this.#container.restarts;
    if (isRunning) await board.changed(timer, Math.max(this.#pause, 100), signal);
    else await timer.sleep(this.#pause, signal);
    this.#pause = Math.min(MOST_PAUSE_MS, Math.max(100, this.#pause * 2));
  }

  async #request(follow: boolean, isBefore: boolean): Promise<Outcome> {
    const previous = isBefore || this.#options.mode === "previous";
    const { api, sink, signal } = this.#deps;
    const { namespace, pod, container } = this.#container;
    const { position } = this.#lines;
    const from = position === undefined ? this.#options.start : { sinceTime: position.time };
    let isFirst = true;
    try {
      const options = { namespace, container, follow, previous, ...from, timestamps: true, timeoutMs: 0, signal };
      for await (const chunk of api.logs(pod, options)) {
        // Only now: where nothing comes, half a line that is there is all there will be.
        if (isFirst) this.#lines.resume();
        isFirst = false;
        await this.#take(chunk);
        if (!sink.isRead) return "gone";
      }
      return "ended";
    } catch (error) {
      signal.throwIfAborted();
      return this.#refused(error, previous);
    }
  }

  /** In small parts: a runtime may hand over megabytes at once, and there are as many copies of a part as steps. */
  async #take(chunk: Uint8Array): Promise<void> {
    const { sink } = this.#deps;
    for (let at = 0; at < chunk.length && sink.isRead; at += PART_BYTES) {
      const lines = this.#lines.push(chunk.subarray(at, at + PART_BYTES));
      if (lines.length > 0) [this.#pause, this.#isTold] = [0, false];
      await sink.push(lines);
    }
  }

  #refused(error: unknown, previous: boolean): Outcome {
    if (isNotFound(error)) return "gone";
    if (!(error instanceof SlipwayError)) throw error;
    const isRefused = error instanceof KubeApiError && error.status === 400;
    const outcome = this.#outcomeOf(error, isRefused, previous);
    const isUnread = isRefused && outcome === "skipped";
    const isFinal = outcome === "lost" || (isUnread && !this.#isForgotten(previous));
    if (isUnread && !isFinal) this.#noteLostEnd();
    if (isFinal || (!isRefused && this.#isTrouble())) {
      this.#isTold = true;
      this.#deps.notes.failed(this.#container, error, isFinal);
    }
    return outcome;
  }

  /** The first time it is only a connection that broke off. */
  #isTrouble(): boolean {
    return this.#options.mode === "follow" && this.#pause > 0 && !this.#isTold;
  }

  #outcomeOf(error: SlipwayError, isRefused: boolean, previous: boolean): Outcome {
    const isFollowed = this.#options.mode === "follow";
    if (isForbidden(error)) return "lost";
    if (isRefused) {
      // It is about to start: news of the pod will tell.
      const isEarly = isFollowed && !previous && this.#pause < MOST_EARLY_MS;
      return isEarly ? "broken" : "skipped";
    }
    this.#breaks++;
    return !isFollowed && this.#breaks >= MOST_BREAKS ? "lost" : "broken";
  }

  /** What a run that is over wrote may have been cleared away: nobody asked for it. */
  #isForgotten(previous: boolean): boolean {
    return previous && this.#options.mode === "follow";
  }
}
