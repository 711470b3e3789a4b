const FIRST_MS = 250;
const MOST_MS = 30_000;

/** Pauses between tries that grow with each failure. */
export interface BackOff {
  /** Milliseconds until the next try: up to twice as long as last time, at most 30 s. */
  next(): number;
  /** Something went well: the next pause is a short one again. */
  reset(): void;
}

/**
 * Pauses that double, from a quarter of a second on, each shortened by chance by up to a half: clients that lost the same
 * server do not come back at the same moment.
 *
 * @param random gives numbers from 0 to below 1
 */
export function backOff(random: () => number = Math.random): BackOff {
  let failures = 0;
  return {
    next: () => {
      const full = Math.min(MOST_MS, FIRST_MS * 2 ** failures);
      failures++;
      return full * (1 - random() / 2);
    },
    reset: () => {
      failures = 0;
    },
  };
}
