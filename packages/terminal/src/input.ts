import { SlipwayError } from "@slipway/base";

/** Characters that a line of input may have. */
const MOST_SIGNS = 1_000_000;

/**
 * The lines of a stream, see `Input` of base. The stream is only read while somebody waits for a line: one that nobody ends
 * neither holds the process nor fills its memory.
 *
 * @throws SlipwayError TOO_LARGE for a line beyond all sense; what `signal` was aborted with
 */
export function inputLines(stream: () => NodeJS.ReadStream, signal: AbortSignal): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let ended = false;
  const next = async (): Promise<IteratorResult<string, undefined>> => {
    for (;;) {
      const end = rest.indexOf("\n");
      if (end >= 0 || (ended && rest !== "")) {
        const line = end >= 0 ? rest.slice(0, end) : rest;
        rest = end >= 0 ? rest.slice(end + 1) : "";
        return { done: false, value: line.replace(/\r$/, "") };
      }
      if (ended) return { done: true, value: undefined };
      if (rest.length > MOST_SIGNS)
        throw new SlipwayError("TOO_LARGE", `standard input: a line has more than ${MOST_SIGNS} characters`);
      const chunk = await nextChunk(stream(), signal);
      signal.throwIfAborted();
      ended = chunk === undefined;
      rest += decoder.decode(chunk, { stream: !ended });
    }
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

/** What is typed at a terminal, see `Input` of base; afterwards the terminal is as before. */
export async function* inputKeys(stream: NodeJS.ReadStream, until: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  stream.setRawMode(true);
  try {
    while (!until.aborted) {
      const chunk = await nextChunk(stream, until);
      if (chunk === undefined) return;
      yield decoder.decode(chunk, { stream: true });
    }
  } finally {
    stream.setRawMode(false);
  }
}

/** A stream that is a file holds no process, and cannot be told to. */
function hold(stream: NodeJS.ReadStream, isHeld: boolean): void {
  if (!("unref" in stream)) return;
  if (isHeld) stream.ref();
  else stream.unref();
}

/** @returns nothing at the end of the stream, and when `until` is aborted */
function nextChunk(stream: NodeJS.ReadStream, until: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (until.aborted || stream.readableEnded || stream.destroyed) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      stream.pause();
      // A paused pipe reads on when it has just given something.
      hold(stream, false);
      stream.off("data", onData).off("end", onEnd).off("error", onError);
      until.removeEventListener("abort", onEnd);
      act();
    };
    const onData = (chunk: Uint8Array | string): void =>
      settle(() => resolve(typeof chunk === "string" ? new TextEncoder().encode(chunk) : new Uint8Array(chunk)));
    const onEnd = (): void => settle(() => resolve(undefined));
    const onError = (error: Error): void => settle(() => reject(error));
    until.addEventListener("abort", onEnd, { once: true });
    hold(stream, true);
    stream.on("data", onData).on("end", onEnd).on("error", onError).resume();
  });
}
