import { runInNewContext } from "node:vm";
import { SlipwayError, durationText } from "@slipway/base";

/**
 * Runs work that nobody vouches for, such as an expression with a regular expression in it, and stops it after a time.
 * The work itself is ours and keeps its own globals: only the clock is borrowed.
 *
 * @throws SlipwayError TIMED_OUT; else what the work throws
 */
export function bounded<Result>(work: () => Result, timeoutMs: number): Result {
  const box: { result?: { readonly value: Result } } = {};
  const run = (): void => {
    box.result = { value: work() };
  };
  try {
    runInNewContext("run()", { run }, { timeout: timeoutMs });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new SlipwayError("TIMED_OUT", `gave no answer within ${durationText(timeoutMs)}`, { cause: error });
  }
  if (box.result === undefined) throw new SlipwayError("BUG", "the work ended without a result");
  return box.result.value;
}

/** The error comes from the context that the clock runs in, whose classes are not ours. */
function isTimeout(error: unknown): boolean {
  const isObject = typeof error === "object" && error !== null;
  return isObject && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
