import { inform, type KubeApi, type KubeObject, type KubeStreams, type Timer } from "@slipway/kube";
import type { Output } from "@slipway/base";
import { NIM_KINDS } from "../resources.ts";
import type { PodContainer } from "./containers.ts";
import { chosen, isFinished, noPods } from "./find-targets.ts";
import { followContainer } from "./follow-container.ts";
import { LineSink } from "./line-sink.ts";
import type { LogNotes } from "./log-deps.ts";
import { PodBoard, followPods } from "./pod-board.ts";
import type { FoundTarget, StreamOptions } from "./stream-logs.ts";

/** What the work on logs takes. */
export interface StreamWork {
  readonly api: Pick<KubeApi, "get" | "list" | "watch"> & Pick<KubeStreams, "logs">;
  readonly output: Pick<Output, "write" | "flush">;
  readonly notes: LogNotes;
  readonly timer: Timer;
  /** Aborted when the command is to end, or nobody reads any more. */
  readonly signal: AbortSignal;
  /** Is called when nobody reads any more. */
  readonly onGone: () => void;
}

/**
 * Follows all containers of all pods, those that come later too, until the objects are gone or done and every log has
 * ended.
 *
 * @returns how many containers were followed
 */
export async function followAll(
  work: StreamWork,
  targets: readonly FoundTarget[],
  options: StreamOptions,
): Promise<number> {
  const following = new Following(work, options);
  const { board } = following;
  await Promise.all(targets.map(({ address }) => followPods(work, address, board, () => following.look())));
  if (chosen(board.containers(), options.containers).length === 0) tellNoPods(work.notes, targets);
  for (const target of targets) following.watch(target);
  following.begin();
  await following.ended;
  return following.count;
}

/** Of a cache that is done no pod will come any more. */
function tellNoPods(notes: LogNotes, targets: readonly FoundTarget[]): void {
  for (const { address, object } of targets) {
    if (isFinished(object)) throw noPods(address, object);
    notes.note(`no pods yet for ${address.namespace}/${address.name}: waiting for them`);
  }
}

class Following {
  readonly board = new PodBoard();
  readonly ended: Promise<void>;
  count = 0;
  readonly #work: StreamWork;
  readonly #options: StreamOptions;
  readonly #sink: LineSink;
  readonly #known = new Set<string>();
  readonly #open = new Set<FoundTarget>();
  #running = 0;
  #hasBegun = false;
  /** Whether the pods are those that were there at first: only of them a part is left out. */
  #isFirst = true;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(work: StreamWork, options: StreamOptions) {
    this.#work = work;
    this.#options = options;
    this.#sink = new LineSink(work.output, work.timer, work.signal, work.onGone);
    this.ended = new Promise((resolve, reject) => {
      [this.#resolve, this.#reject] = [resolve, reject];
    });
    this.ended.catch(() => undefined);
    const { signal } = work;
    const onAbort = (): void => this.#reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  }

  begin(): void {
    this.#hasBegun = true;
    this.look();
    this.#isFirst = false;
    this.#check();
  }

  /** Starts to follow what is new. */
  look(): void {
    if (!this.#hasBegun) return;
    const { containers } = this.#options;
    for (const container of this.board.containers()) {
      const key = `${container.uid}/${container.pod}/${container.container}`;
      if (this.#known.has(key) || (containers.length > 0 && !containers.includes(container.container))) continue;
      this.#known.add(key);
      void this.#follow(container);
    }
  }

  /** Looks whether more can come of an object. */
  watch(target: FoundTarget): void {
    const { api, timer, signal } = this.#work;
    const { namespace, name, kind } = target.address;
    this.#open.add(target);
    const tell = (object: KubeObject | undefined): void => {
      if (object === undefined || isFinished(object)) this.#open.delete(target);
      else this.#open.add(target);
      this.#check();
    };
    const { ended } = inform(api, NIM_KINDS[kind].resource, {
      namespace,
      fieldSelector: `metadata.name=${name}`,
      signal,
      timer,
      onChange: ({ type, object }) => tell(type === "deleted" ? undefined : object),
    });
    // Who may not watch it follows its pods until told to end.
    ended.catch(() => undefined);
  }

  async #follow(container: PodContainer): Promise<void> {
    const { api, notes, timer, signal } = this.#work;
    const { start, formatOf } = this.#options;
    this.#running++;
    this.count++;
    const deps = { api, notes, timer, signal, board: this.board, sink: this.#sink };
    const from = this.#isFirst ? start : { sinceSeconds: start.sinceSeconds, sinceTime: start.sinceTime };
    try {
      await followContainer(deps, container, formatOf(container), from);
    } catch (error) {
      this.#reject(error);
    } finally {
      this.#running--;
      this.#check();
    }
  }

  #check(): void {
    if (this.#hasBegun && this.#open.size === 0 && this.#running === 0) this.#resolve();
  }
}
