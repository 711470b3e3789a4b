/** The one table of exit codes that every Slipway program keeps to, with the sentence that the manual prints. */
export const EXIT_CODES = {
  DONE: { exit: 0, meaning: "done" },
  ANSWER_IS_NO: { exit: 1, meaning: "the answer is no (verification failed, differences found)" },
  USAGE: { exit: 2, meaning: "wrong usage or input" },
  NOT_FOUND: { exit: 3, meaning: "not found" },
  NOT_ALLOWED: { exit: 4, meaning: "not allowed" },
  TIMED_OUT: { exit: 5, meaning: "timed out" },
  UNAVAILABLE: { exit: 6, meaning: "cluster or network unavailable" },
  BUG: { exit: 8, meaning: "a bug of ours" },
  INTERRUPTED: { exit: 130, meaning: "interrupted" },
} as const;

/** A name of a row of {@link EXIT_CODES}. */
export type ExitName = keyof typeof EXIT_CODES;
