import { expect, test } from "vitest";
import { WorkQueue } from "./work-queue.ts";

test("what is asked for twice is done once, and once more when it is asked for meanwhile", async () => {
  const queue = new WorkQueue<string>((item) => item);
  const stop = new AbortController();
  const done: string[] = [];
  for (const item of ["a", "b", "a"]) queue.add(item);
  await queue.run(async (item) => {
    done.push(item);
    if (done.length === 1) queue.add("a");
    if (done.length === 3) stop.abort();
    await Promise.resolve();
  }, stop.signal);
  expect(done).toEqual(["a", "b", "a"]);
});

test("what comes while nothing is to be done is done then, and nothing after the end", async () => {
  const queue = new WorkQueue<string>((item) => item);
  const stop = new AbortController();
  const done: string[] = [];
  const running = queue.run(async (item) => void done.push(item), stop.signal);
  await Promise.resolve();
  queue.add("late");
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  queue.add("too late");
  await running;
  expect(done).toEqual(["late"]);
});
