import { SlipwayError } from "@slipway/base";
import type { LogStart } from "@slipway/serving/logs";

/** What flags say of the lines that are wanted. */
export interface WantedLines {
  /** Milliseconds. */
  readonly since: number | undefined;
  /** RFC 3339; empty for none. */
  readonly sinceTime: string;
  /** -1 for all. */
  readonly tail: number | undefined;
}

/**
 * Which lines of a log are asked for.
 *
 * @throws SlipwayError USAGE for what no log can be asked for
 */
export function logStart({ since, sinceTime, tail }: WantedLines): LogStart {
  if (since !== undefined && sinceTime !== "")
    throw new SlipwayError("USAGE", "--since and --since-time exclude each other");
  if (since !== undefined && since <= 0) throw new SlipwayError("USAGE", "--since takes a duration above 0");
  checkTime(sinceTime);
  if (tail !== undefined && tail < -1)
    throw new SlipwayError("USAGE", `--tail takes a number of lines, or -1 for all, not ${tail}`);
  return {
    tailLines: tail === -1 ? undefined : tail,
    // The API takes whole seconds, and at least one.
    sinceSeconds: since === undefined ? undefined : Math.max(1, Math.ceil(since / 1000)),
    sinceTime: sinceTime === "" ? undefined : sinceTime,
  };
}

function checkTime(time: string): void {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time);
  if (time === "" || (isTime && !Number.isNaN(Date.parse(time)))) return;
  throw new SlipwayError("USAGE", `--since-time takes a time such as 2026-01-31T13:00:00Z, not "${time}"`);
}
