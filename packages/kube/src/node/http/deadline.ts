import { setMaxListeners } from "node:events";
import { SlipwayError, durationText } from "@slipway/base";
import { LONGEST_MS } from "../../timer.ts";

/** A signal that ends with the caller's, or with the time. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Milliseconds that are left; Infinity without an end. */
  left(): number;
  /** From now on only the caller's signal counts. */
  stopClock(): void;
  /** Lets go of the caller's signal too: the work is done. */
  clear(): void;
}

/**
 * @param timeoutMs 0: no end
 * @param what names the work in the message: `GET https://10.0.0.1:6443/api/v1/pods`
 */
export function deadlineOf(signal: AbortSignal | undefined, timeoutMs: number, what: string): Deadline {
  const own = new AbortController();
  const end = timeoutMs === 0 ? Infinity : performance.now() + timeoutMs;
  const stop = (): void => own.abort(timedOut(timeoutMs, what));
  const timer = timeoutMs === 0 ? undefined : setTimeout(stop, Math.min(timeoutMs, LONGEST_MS));
  const onAbort = (): void => {
    clearTimeout(timer);
    own.abort(reasonOf(signal));
  };
  if (signal?.aborted === true) onAbort();
  if (signal !== undefined) {
    // Many requests may hang on one signal; that is no leak, though Bun warns of it.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", onAbort, { once: true });
  }
  return {
    signal: own.signal,
    left: () => end - performance.now(),
    stopClock: () => clearTimeout(timer),
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** Why a signal was aborted, as a SlipwayError. */
export function reasonOf(signal: AbortSignal | undefined): unknown {
  const reason: unknown = signal?.reason;
  if (!(reason instanceof DOMException)) return reason;
  return reason.name === "TimeoutError"
    ? new SlipwayError("TIMED_OUT", "the time was up", { cause: reason })
    : new SlipwayError("INTERRUPTED", "interrupted", { cause: reason });
}

function timedOut(timeoutMs: number, what: string): SlipwayError {
  return new SlipwayError(
    "TIMED_OUT",
    `${what}: no complete answer within ${timeoutMs < 1 ? "1ms" : durationText(timeoutMs)}`,
    {
      hint: "The server may be overloaded or out of reach.",
    },
  );
}
