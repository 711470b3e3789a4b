/** Where waiting comes from. */
export interface Timer {
  /** @returns after so many milliseconds, or as soon as `signal` is aborted; never throws */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The longest time that platforms wait, 24.8 days; asked for more, they wait not at all (HTML, timers; Node.js). */
export const LONGEST_MS = 2 ** 31 - 1;

/** Waits with the timers of the platform, in programs and in browsers. */
export const systemTimer: Timer = {
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(milliseconds, LONGEST_MS));
      signal.addEventListener("abort", done, { once: true });
    }),
};
