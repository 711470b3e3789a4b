import { expect, test } from "vitest";
import { group, type Task } from "./index.ts";

/** A task that ends when told to, and says when it was started and stopped. */
function manual(log: string[], name: string): { task: Task<string>; end: () => void; fail: (error: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const task: Task<string> = (signal) => {
    log.push(`start ${name}`);
    signal.addEventListener("abort", () => {
      log.push(`stop ${name}`);
      reject(signal.reason instanceof Error ? signal.reason : new Error("stopped"));
    });
    return promise;
  };
  return { task, end: () => resolve(name), fail: reject };
}

test("results come in the order of the tasks, however they end", async () => {
  const log: string[] = [];
  const [a, b] = [manual(log, "a"), manual(log, "b")];
  const results = group(2, [a.task, b.task]);
  b.end();
  a.end();
  expect(await results).toEqual(["a", "b"]);
});

test("no more than the limit run at a time", async () => {
  const log: string[] = [];
  const tasks = [manual(log, "a"), manual(log, "b"), manual(log, "c")];
  const results = group(
    2,
    tasks.map(({ task }) => task),
  );
  expect(log).toEqual(["start a", "start b"]);
  for (const { end } of tasks) end();
  await results;
  expect(log).toEqual(["start a", "start b", "start c"]);
});

test("the first error stops the others, starts no further task and is the one thrown", async () => {
  const log: string[] = [];
  const [a, b, c] = [manual(log, "a"), manual(log, "b"), manual(log, "c")];
  const results = group(2, [a.task, b.task, c.task]);
  a.fail(new Error("first"));
  await expect(results).rejects.toThrow("first");
  expect(log).toEqual(["start a", "start b", "stop a", "stop b"]);
});

test("a caller's signal stops all, and its reason is thrown", async () => {
  const log: string[] = [];
  const stop = new AbortController();
  const results = group(1, [manual(log, "a").task], stop.signal);
  stop.abort(new Error("Ctrl-C"));
  await expect(results).rejects.toThrow("Ctrl-C");
  expect(log).toEqual(["start a", "stop a"]);
});

test("no tasks give no results", async () => {
  expect(await group(4, [])).toEqual([]);
});
