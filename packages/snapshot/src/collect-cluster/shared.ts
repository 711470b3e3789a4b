/** Work that may be asked for several times. */
export type SharedWork<Result> = (signal: AbortSignal) => Promise<Result>;

/**
 * Work that is done once, whoever asks for it and however often. One who gives up leaves the others waiting; when nobody
 * waits any more the work is stopped, and whoever asks later has it done anew.
 */
export function shared<Result>(work: SharedWork<Result>): SharedWork<Result> {
  let running: Running<Result> | undefined;
  return async (signal) => {
    signal.throwIfAborted();
    running ??= start(work);
    const current = running;
    current.waiting++;
    let leave = (): void => undefined;
    const gaveUp = new Promise<never>((_resolve, reject) => {
      leave = () => {
        current.waiting--;
        if (current.waiting === 0) {
          current.stop.abort(signal.reason);
          if (running === current) running = undefined;
        }
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([current.result, gaveUp]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  };
}

interface Running<Result> {
  readonly result: Promise<Result>;
  readonly stop: AbortController;
  waiting: number;
}

function start<Result>(work: SharedWork<Result>): Running<Result> {
  const stop = new AbortController();
  const result = work(stop.signal);
  // Those who wait are told; when all of them have left, nobody is.
  result.catch(() => undefined);
  return { result, stop, waiting: 0 };
}
