/** A piece of work that stops when its signal is aborted. */
export type Task<Result> = (signal: AbortSignal) => Promise<Result>;

/**
 * Runs tasks at once, at most `limit` of them at a time. The first error aborts the signal that all of them were given,
 * no further task is started, and that error is thrown when every started task has ended.
 *
 * @returns the results in the order of the tasks
 */
export async function group<Result>(
  limit: number,
  tasks: readonly Task<Result>[],
  signal?: AbortSignal,
): Promise<readonly Result[]> {
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length && !stop.aborted) {
      const index = next++;
      const task = tasks[index];
      if (task === undefined) return;
      try {
        results[index] = await task(stop);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(limit, tasks.length) }, work));
  if (failed.signal.aborted) throw failed.signal.reason;
  signal?.throwIfAborted();
  const rejected = outcomes.find((outcome) => outcome.status === "rejected");
  if (rejected !== undefined) throw rejected.reason;
  return results;
}
