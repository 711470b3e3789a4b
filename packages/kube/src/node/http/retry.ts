import { SlipwayError } from "@slipway/base";
import { KubeApiError } from "../../errors.ts";
import { mayPass, wasNotSent } from "./network-error.ts";

const MOST_ATTEMPTS = 5;
const FIRST_MS = 200;
const MOST_MS = 5_000;
const SAFE_METHODS = new Set(["GET", "HEAD"]);

/**
 * How long to wait before a failed request is sent again: as long as the server asks for, at least a time that doubles
 * with each attempt, less a random half of it.
 *
 * Reads are repeated after 429, 5xx and lost connections; writes only when the server did nothing: 429, 503 with
 * Retry-After, or nothing was sent.
 *
 * @param attempt counts from 1
 * @param random between 0 and 1
 * @returns milliseconds; nothing when the error is final
 */
export function retryDelay(
  error: unknown,
  method: string,
  attempt: number,
  random: () => number = Math.random,
): number | undefined {
  if (attempt >= MOST_ATTEMPTS || !(error instanceof SlipwayError) || !isWorthIt(error, method)) return undefined;
  const backoff = Math.min(FIRST_MS * 2 ** (attempt - 1), MOST_MS) * (1 - random() / 2);
  const asked = error instanceof KubeApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.max(backoff, asked);
}

function isWorthIt(error: SlipwayError, method: string): boolean {
  const isRead = SAFE_METHODS.has(method);
  if (!(error instanceof KubeApiError)) return isRead ? mayPass(error) : wasNotSent(error);
  const { status, retryAfterSeconds } = error;
  if (status === 429) return true;
  if (isRead) return status >= 500 && status !== 501;
  return status === 503 && retryAfterSeconds !== undefined;
}
