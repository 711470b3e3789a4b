import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { expect, onTestFinished, test } from "vitest";
import { withLock } from "./lock.ts";
import { freePorts } from "./ports.ts";

async function lockPath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-lock-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return join(directory, "lock");
}

test("work under a lock is done by one at a time", async () => {
  const path = await lockPath();
  const steps: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    steps.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    steps.push(`${name} ends`);
  };
  const onWait = (): void => void steps.push("one waits");
  await Promise.all(["a", "b"].map(async (name) => await withLock(path, { onWait }, work(name))));
  const done = steps.filter((step) => step !== "one waits");
  const order = done[0] === "a begins" ? ["a", "b"] : ["b", "a"];
  expect(done).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
  expect(steps.filter((step) => step === "one waits").length).toBe(1);
});

test("work that fails gives the lock back", async () => {
  const path = await lockPath();
  const onWait = (): void => {};
  const failure = withLock(path, { onWait }, async () => {
    throw new SlipwayError("UNAVAILABLE", "no luck");
  });
  expect((await rejectionOf(failure)).message).toBe("no luck");
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("a lock whose holder was killed holds up nobody", async () => {
  const path = await lockPath();
  await writeFile(path, "");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path, longAgo, longAgo);
  expect(await withLock(path, { onWait: () => {} }, async () => "done")).toBe("done");
});

test("waiting for a lock can be given up; the lock stays with its holder", async () => {
  const path = await lockPath();
  await writeFile(path, "");
  const stop = new AbortController();
  const waiting = withLock(path, { onWait: () => {}, signal: stop.signal }, async () => "done");
  stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
  expect((await rejectionOf(waiting)).code).toBe("INTERRUPTED");
  expect(await readdir(join(path, ".."))).toEqual(["lock"]);
});

test("ports that are free are all different", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  expect(ports.every((port) => port > 1023 && port < 65_536)).toBe(true);
});
