import type { Reason } from "./failure.ts";
import type { SeenRequest } from "./request.ts";

/** What goes wrong with a request. */
export interface Fault {
  /** Which requests; all unless given. */
  readonly when?: (request: SeenRequest) => boolean;
  /** How many of them, the first ones; all unless given. */
  readonly times?: number;
  /** Milliseconds before anything is answered. */
  readonly delayMs?: number;
  /** Answers a Status with this reason in place of doing anything. */
  readonly reason?: Reason;
  /** Seconds, for the header Retry-After. */
  readonly retryAfter?: number;
  /** Ends the connection after so many bytes of the body; 0 before the answer starts, with nothing done. */
  readonly cutAfter?: number;
}

/** The faults that a test has ordered, oldest first. */
export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  /** @returns a function that takes the fault back */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.#faults.push(entry);
    return () => {
      entry.left = 0;
    };
  }

  /** The fault that befalls a request. */
  next(request: SeenRequest): Fault | undefined {
    const entry = this.#faults.find(({ fault, left }) => left > 0 && (fault.when?.(request) ?? true));
    if (entry === undefined) return undefined;
    entry.left--;
    return entry.fault;
  }
}
