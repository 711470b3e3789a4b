import { valueAt } from "@slipway/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KubeApi } from "./api.ts";
import type { KubeObject } from "./objects.ts";
import { RESOURCES } from "./resources.ts";
import { clientOf, runJobs, startCluster, type Cluster } from "./testing/index.ts";
import { systemTimer, type Timer } from "./timer.ts";
import { waitFor, type WaitOptions } from "./wait.ts";

let cluster: Cluster;
let api: KubeApi & { close(): void };

beforeEach(async () => {
  cluster = await startCluster({ unsettled: ["Job", "Pod"] });
  api = await clientOf(cluster);
});

afterEach(async () => {
  api.close();
  await cluster.close();
});

const hurried: Timer = { sleep: (milliseconds, signal) => systemTimer.sleep(milliseconds / 100, signal) };
const JOB = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "one", namespace: "default" } };

const isFinished = (job: KubeObject | undefined): boolean => valueAt(job, "status", "succeeded") === 1;

function wait(predicate: (object: KubeObject | undefined) => boolean, options: Partial<WaitOptions> = {}) {
  const all = { namespace: "default", until: "to finish", timer: hurried, ...options };
  return waitFor(api, RESOURCES.jobs, "one", predicate, all);
}

async function watched(): Promise<void> {
  while (cluster.openWatches === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("what is so already is not waited for", async () => {
  cluster.put({ ...JOB, status: { succeeded: 1 } });
  expect(await wait(isFinished)).toMatchObject({ metadata: { name: "one" }, status: { succeeded: 1 } });
  expect(cluster.requests).toHaveLength(1);
});

test("a job that is made and run", async () => {
  runJobs(cluster, () => ({ log: "done\n" }));
  const waiting = wait(isFinished);
  await api.create(RESOURCES.jobs, JOB);
  expect(await waiting).toMatchObject({ status: { succeeded: 1 } });
});

test("an object that goes", async () => {
  cluster.put(JOB);
  const waiting = wait((job) => job === undefined);
  await watched();
  cluster.remove("Job", "default", "one");
  expect(await waiting).toBeUndefined();
});

test("a delete that happens while nobody can watch", async () => {
  cluster.put(JOB);
  const waiting = wait((job) => job === undefined);
  await watched();
  await cluster.stop();
  cluster.remove("Job", "default", "one");
  cluster.forget();
  await cluster.start();
  expect(await waiting).toBeUndefined();
});

test("interruptions and refusals that pass", async () => {
  cluster.put(JOB);
  cluster.fault({ times: 1, reason: "ServiceUnavailable" });
  const waiting = wait(isFinished);
  await watched();
  cluster.cutWatches();
  cluster.endWatches();
  cluster.put({ ...JOB, status: { succeeded: 1 } });
  expect(await waiting).toMatchObject({ status: { succeeded: 1 } });
});

test("where watching is not allowed, it looks again and again", async () => {
  cluster.put(JOB);
  cluster.allow(({ verb }) => verb !== "watch");
  const waiting = wait(isFinished);
  await new Promise((resolve) => setTimeout(resolve, 30));
  cluster.put({ ...JOB, status: { succeeded: 1 } });
  expect(await waiting).toMatchObject({ status: { succeeded: 1 } });
});

test("the end of the time is said with what was waited for", async () => {
  await expect(wait(isFinished, { timeoutMs: 2000 })).rejects.toMatchObject({
    code: "TIMED_OUT",
    message: "Job default/one: waited 2 s for it to finish",
  });
});

test("an abort, a lack of rights and what the predicate throws end it at once", async () => {
  const stop = new AbortController();
  const waiting = wait(isFinished, { signal: stop.signal });
  await watched();
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  const thrown = wait(() => {
    throw new Error("failed for good");
  });
  await expect(thrown).rejects.toThrow("failed for good");
  cluster.allow(() => false);
  await expect(wait(isFinished)).rejects.toMatchObject({ code: "NOT_ALLOWED" });
});
