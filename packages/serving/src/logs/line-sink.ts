import type { Output } from "@slipway/base";
import type { Timer } from "@slipway/kube";

/** How long lines may wait for others to be written with them, milliseconds. */
const GATHER_MS = 2;

/**
 * Where the lines of all containers go. What comes in while the reader is busy, or shortly after each other, goes out in
 * one write; whoever pushes waits until it was taken, so that a slow reader slows every log and nothing piles up.
 */
export class LineSink {
  readonly #output: Pick<Output, "write" | "flush">;
  readonly #timer: Timer;
  readonly #signal: AbortSignal;
  readonly #onGone: () => void;
  #waiting: Uint8Array[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #isRead = true;

  /** @param onGone is called when nobody reads any more */
  constructor(output: Pick<Output, "write" | "flush">, timer: Timer, signal: AbortSignal, onGone: () => void) {
    this.#output = output;
    this.#timer = timer;
    this.#signal = signal;
    this.#onGone = onGone;
  }

  /** Whether anybody still reads. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Takes whole lines. Done when they were taken by the reader, or nobody reads any more. */
  async push(lines: Uint8Array): Promise<void> {
    if (lines.length === 0 || !this.#isRead) return;
    this.#waiting.push(lines);
    if (this.#next === undefined) {
      this.#next = this.#round(this.#last);
      this.#last = this.#next;
    }
    await this.#next;
  }

  async #round(last: Promise<void>): Promise<void> {
    await last;
    await this.#timer.sleep(GATHER_MS, this.#signal);
    const parts = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    if (!this.#isRead) return;
    this.#output.write(joined(parts));
    this.#isRead = await this.#output.flush();
    if (!this.#isRead) this.#onGone();
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
