import type { AnswerEvent } from "./ask.ts";

/** How fast an answer came. */
export interface Pace {
  /** Seconds from the question to the first piece of the answer; nothing when there was none. */
  readonly firstTokenSeconds: number | undefined;
  /** Seconds from the question to the end. */
  readonly seconds: number;
  readonly tokens: number;
  /** Nothing where the time is too short to tell. */
  readonly tokensPerSecond: number | undefined;
  /** Whether pieces were counted, because the server did not tell the number of tokens. */
  readonly isCounted: boolean;
}

/** Measures an answer while it comes. */
export interface Meter {
  add(event: AnswerEvent): void;
  /** What was measured until now. */
  pace(): Pace;
}

/** Starts to measure. @param now milliseconds */
export function startMeter(now: () => number): Meter {
  const start = now();
  let [first, last, pieces] = [start, start, 0];
  let told: number | undefined;
  return {
    add: (event) => {
      if (event.kind === "usage") told = event.completionTokens;
      if (event.kind !== "text" && event.kind !== "thought") return;
      last = now();
      if (pieces === 0) first = last;
      pieces++;
    },
    pace: () => {
      const tokens = told ?? pieces;
      const isOnePiece = pieces <= 1;
      // Behind the first token, as benchmarks count; an answer in one piece has no such time.
      const [count, time] = isOnePiece ? [tokens, last - start] : [tokens - 1, last - first];
      return {
        firstTokenSeconds: pieces === 0 ? undefined : (first - start) / 1000,
        seconds: (Math.max(last, start) - start) / 1000,
        tokens,
        tokensPerSecond: time > 0 && count > 0 ? (count * 1000) / time : undefined,
        isCounted: told === undefined,
      };
    },
  };
}

/** What was measured, on one line. */
export function paceText({ firstTokenSeconds, seconds, tokens, tokensPerSecond, isCounted }: Pace): string {
  const noun = isCounted ? "piece" : "token";
  return [
    ...(firstTokenSeconds === undefined ? [] : [`first token after ${firstTokenSeconds.toFixed(3)} s`]),
    ...(tokensPerSecond === undefined ? [] : [`${tokensPerSecond.toFixed(1)} ${noun}s/s`]),
    `${tokens} ${noun}${tokens === 1 ? "" : "s"} in ${seconds.toFixed(3)} s`,
    ...(isCounted ? ["the server does not count tokens"] : []),
  ].join(", ");
}
