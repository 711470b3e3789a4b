import { SlipwayError } from "@slipway/base";
import { pause } from "./deps.ts";

const ATTEMPTS = 4;
const FIRST_MS = 200;

/**
 * Does something again when the server was lost in the middle. Only for what may be done twice: the client does not repeat
 * writes by itself, because it cannot know that.
 *
 * @param attempt counts from 1
 * @param signal ends the waiting; the last failure is thrown then
 */
export async function repeated<Result>(
  action: (attempt: number) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt);
    } catch (error) {
      const passes = error instanceof SlipwayError && error.code === "UNAVAILABLE";
      if (!passes || attempt >= ATTEMPTS || signal.aborted) throw error;
      await pause({}, FIRST_MS * 2 ** (attempt - 1), signal);
      if (signal.aborted) throw error;
    }
  }
}
