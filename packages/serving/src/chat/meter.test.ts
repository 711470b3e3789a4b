import { expect, test } from "vitest";
import type { AnswerEvent } from "./ask.ts";
import { paceText, startMeter } from "./meter.ts";

/** Events with the time at which they come. */
function measure(...events: readonly (readonly [milliseconds: number, event: AnswerEvent])[]): string {
  let now = 1000;
  const meter = startMeter(() => now);
  for (const [milliseconds, event] of events) {
    now = 1000 + milliseconds;
    meter.add(event);
  }
  return paceText(meter.pace());
}

const piece = { kind: "text", text: "a" } as const;
const usage = { kind: "usage", promptTokens: 9, completionTokens: 21 } as const;

test.each([
  [[], "0 pieces in 0.000 s, the server does not count tokens"],
  [[[50, usage]], "21 tokens in 0.000 s"],
  [[[500, piece]], "first token after 0.500 s, 2.0 pieces/s, 1 piece in 0.500 s, the server does not count tokens"],
  [
    [
      [500, piece],
      [600, usage],
    ],
    "first token after 0.500 s, 42.0 tokens/s, 21 tokens in 0.500 s",
  ],
  [
    [
      [250, piece],
      [750, piece],
      [1250, piece],
      [1300, usage],
    ],
    "first token after 0.250 s, 20.0 tokens/s, 21 tokens in 1.250 s",
  ],
  [
    [
      [250, { kind: "thought", text: "hm" }],
      [1250, piece],
    ],
    "first token after 0.250 s, 1.0 pieces/s, 2 pieces in 1.250 s, the server does not count tokens",
  ],
  [
    [
      [0, piece],
      [0, piece],
    ],
    "first token after 0.000 s, 2 pieces in 0.000 s, the server does not count tokens",
  ],
] as const)("%j", (events, expected) => {
  expect(measure(...events)).toBe(expected);
});
