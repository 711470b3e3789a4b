import type { Log } from "@slipway/terminal";

/** A log that tells a warning once while it stays the same, round after round. */
export interface FreshWarnings {
  readonly log: Log;
  /** Begins a round: what was told in the one before is not told again. */
  nextRound(): void;
}

/** Wraps a log for something that is done again and again. */
export function freshWarnings(log: Log): FreshWarnings {
  let [before, now] = [new Set<string>(), new Set<string>()];
  return {
    log: {
      mode: log.mode,
      debug: (message, fields) => log.debug(message, fields),
      info: (message, fields) => log.info(message, fields),
      fail: (error) => log.fail(error),
      warn: (message, fields) => {
        const said = JSON.stringify([message, fields]);
        if (!before.has(said) && !now.has(said)) log.warn(message, fields);
        now.add(said);
      },
    },
    nextRound: () => {
      [before, now] = [now, new Set()];
    },
  };
}
