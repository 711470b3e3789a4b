import { expect, test } from "vitest";
import { shared } from "./shared.ts";

test("work is done once for all who ask, also after it is done", async () => {
  let runs = 0;
  const work = shared(async () => `result ${++runs}`);
  const signal = new AbortController().signal;
  expect(await Promise.all([work(signal), work(signal)])).toEqual(["result 1", "result 1"]);
  expect(await work(signal)).toBe("result 1");
});

test("one who gives up leaves the others waiting; when all have left, the work is stopped", async () => {
  const signals: AbortSignal[] = [];
  let finish = (_value: string): void => undefined;
  const work = shared(async (signal) => {
    signals.push(signal);
    return new Promise<string>((resolve) => {
      finish = resolve;
    });
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const outcomes = [work(first.signal), work(second.signal)];
  first.abort(new Error("first leaves"));
  await expect(outcomes[0]).rejects.toThrow("first leaves");
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  second.abort(new Error("second leaves"));
  await expect(outcomes[1]).rejects.toThrow("second leaves");
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);

  const third = work(new AbortController().signal);
  finish("anew");
  expect([await third, signals.length]).toEqual(["anew", 2]);
});

test("a failure is told to all, and who has given up before asks for nothing", async () => {
  let runs = 0;
  const work = shared(async () => {
    runs++;
    throw new Error("broken");
  });
  const signal = new AbortController().signal;
  const outcomes = await Promise.allSettled([work(signal), work(signal), work(AbortSignal.abort(new Error("gone")))]);
  expect(outcomes.map((outcome) => outcome.status === "rejected" && String(outcome.reason))).toEqual([
    "Error: broken",
    "Error: broken",
    "Error: gone",
  ]);
  expect(runs).toBe(1);
});
