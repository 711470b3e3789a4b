import { SlipwayError } from "@slipway/base";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KubeApi, WatchEvent } from "./api.ts";
import { inform, type InformOptions } from "./inform.ts";
import { nameOf, type KubeObject } from "./objects.ts";
import type { ObjectChange } from "./object-store.ts";
import { RESOURCES } from "./resources.ts";
import { clientOf, startCluster, type Cluster } from "./testing/index.ts";
import { systemTimer, type Timer } from "./timer.ts";

let cluster: Cluster;
let api: KubeApi & { close(): void };
let stop: AbortController;

beforeEach(async () => {
  cluster = await startCluster();
  api = await clientOf(cluster);
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  api.close();
  await cluster.close();
});

/** Pauses between tries are short here. */
const hurried: Timer = { sleep: (milliseconds, signal) => systemTimer.sleep(milliseconds / 100, signal) };

function follow(options: Partial<InformOptions> = {}) {
  return inform(api, RESOURCES.configMaps, { signal: stop.signal, timer: hurried, ...options });
}

function put(name: string, value: string, namespace = "default", labels = {}): void {
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels }, data: { value } });
}

function told({ type, object, previous }: ObjectChange): string {
  const value = (of: KubeObject): string => JSON.stringify(of["data"] ?? null);
  return `${type} ${nameOf(object)} ${value(object)}${previous === undefined ? "" : ` was ${value(previous)}`}`;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("it never came to be so");
}

/** What the server has, as the informer would list it. */
function expected(): readonly unknown[] {
  return cluster.objects("ConfigMap");
}

test("what is there, page by page, and then every change", async () => {
  for (const name of ["a", "b", "c", "d", "e"]) put(name, "1");
  const changes: string[] = [];
  const informer = follow({ pageSize: 2, onChange: (change) => changes.push(told(change)) });
  await informer.synced;
  expect(changes).toEqual(["a", "b", "c", "d", "e"].map((name) => `added ${name} {"value":"1"}`));
  changes.length = 0;
  put("a", "2");
  put("f", "1");
  cluster.remove("ConfigMap", "default", "b");
  await until(() => changes.length === 3);
  expect(changes).toEqual([
    'updated a {"value":"2"} was {"value":"1"}',
    'added f {"value":"1"}',
    'deleted b {"value":"1"}',
  ]);
  expect(informer.list()).toEqual(expected());
  expect(informer.get("a", "default")).toEqual(cluster.objects("ConfigMap")[0]);
  expect([informer.get("a"), informer.list("elsewhere")]).toEqual([undefined, []]);
  expect(cluster.requests.map(({ query }) => new URLSearchParams(query).get("limit"))).toEqual(["2", "2", "2", null]);
});

test("only what is selected; what no longer meets the selector is deleted", async () => {
  put("a", "1", "default", { app: "x" });
  put("b", "1", "default", { app: "y" });
  put("c", "1", "other", { app: "x" });
  const informer = follow({ namespace: "default", labelSelector: "app=x" });
  await informer.synced;
  expect(informer.list().map(nameOf)).toEqual(["a"]);
  put("a", "1", "default", { app: "y" });
  put("b", "1", "default", { app: "x" });
  await until(() => informer.get("b", "default") !== undefined);
  expect(informer.list().map(nameOf)).toEqual(["b"]);
});

test("after an interruption it goes on where it was, without listing again", async () => {
  const informer = follow();
  await informer.synced;
  await until(() => cluster.openWatches === 1);
  put("a", "1");
  await until(() => informer.list().length === 1);
  cluster.cutWatches();
  put("b", "1");
  await until(() => informer.list().length === 2);
  cluster.endWatches();
  put("c", "1");
  await until(() => informer.list().length === 3);
  const lists = cluster.requests.filter(({ query }) => !query.includes("watch=true"));
  expect(lists).toHaveLength(1);
});

test("a bookmark moves the point where it goes on", async () => {
  const informer = follow();
  await informer.synced;
  await until(() => cluster.openWatches === 1);
  cluster.put({ apiVersion: "v1", kind: "Secret", metadata: { name: "other" } });
  cluster.bookmark();
  await until(() => cluster.openWatches === 1);
  put("a", "1");
  await until(() => informer.list().length === 1);
  cluster.forget();
  cluster.cutWatches();
  await until(() => cluster.openWatches === 1);
  expect(cluster.requests.filter(({ query }) => !query.includes("watch=true"))).toHaveLength(1);
});

test("when the server has forgotten, it lists anew and misses no delete", async () => {
  put("a", "1");
  put("b", "1");
  const changes: string[] = [];
  const informer = follow({ onChange: (change) => changes.push(told(change)) });
  await informer.synced;
  await until(() => cluster.openWatches === 1);
  changes.length = 0;
  await cluster.stop();
  cluster.remove("ConfigMap", "default", "a");
  put("b", "2");
  put("c", "1");
  cluster.forget();
  await cluster.start();
  await until(() => changes.length === 3);
  expect(changes).toEqual([
    'deleted a {"value":"1"}',
    'updated b {"value":"2"} was {"value":"1"}',
    'added c {"value":"1"}',
  ]);
});

test("an object that was made anew meanwhile is another one", async () => {
  put("a", "1");
  const changes: string[] = [];
  const informer = follow({ onChange: (change) => changes.push(told(change)) });
  await informer.synced;
  await cluster.stop();
  cluster.remove("ConfigMap", "default", "a");
  put("a", "2");
  cluster.forget();
  await cluster.start();
  await until(() => changes.length === 3);
  expect(changes.slice(1)).toEqual(['deleted a {"value":"1"}', 'added a {"value":"2"}']);
});

test("a list that the server forgets between two pages is taken whole", async () => {
  for (const name of ["a", "b", "c"]) put(name, "1");
  cluster.fault({ when: ({ query }) => query.includes("continue="), times: 1, reason: "Expired" });
  const informer = follow({ pageSize: 2 });
  await informer.synced;
  expect(informer.list().map(nameOf)).toEqual(["a", "b", "c"]);
});

test.each([
  ["Forbidden", "NOT_ALLOWED"],
  ["NotFound", "NOT_FOUND"],
] as const)("%s at first ends it; later it is tried again", async (reason, code) => {
  const end = cluster.fault({ reason });
  const informer = follow();
  await expect(informer.synced).rejects.toMatchObject({ code });
  await expect(informer.ended).rejects.toMatchObject({ code });
  end();
  const other = follow();
  await other.synced;
  await until(() => cluster.openWatches === 1);
  const again = cluster.fault({ reason, times: 3 });
  cluster.cutWatches();
  put("a", "1");
  await until(() => other.list().length === 1);
  again();
});

test("a server that is down at first is waited for, with pauses that grow", async () => {
  let failures = 0;
  const list: KubeApi["list"] = (resource, options) =>
    failures++ < 4 ? Promise.reject(new SlipwayError("UNAVAILABLE", "down")) : api.list(resource, options);
  const pauses: number[] = [];
  const options = { signal: stop.signal, timer: hurried, random: () => 0 };
  const informer = inform({ ...api, list }, RESOURCES.configMaps, {
    ...options,
    onRetry: (_error, inMs) => pauses.push(inMs),
  });
  await informer.synced;
  expect(pauses).toEqual([250, 500, 1000, 2000]);
});

test("a resync shows everything again", async () => {
  put("a", "1");
  const changes: string[] = [];
  const informer = follow({ resyncMs: 1000, onChange: (change) => changes.push(told(change)) });
  await informer.synced;
  await until(() => changes.length >= 3);
  expect(changes.slice(0, 3)).toEqual([
    'added a {"value":"1"}',
    'updated a {"value":"1"} was {"value":"1"}',
    'updated a {"value":"1"} was {"value":"1"}',
  ]);
});

test("a reader of changes sees what is there, what comes, and the end", async () => {
  put("a", "1");
  const informer = follow();
  await informer.synced;
  const seen: string[] = [];
  const reading = (async () => {
    for await (const change of informer.changes()) {
      seen.push(told(change));
      if (seen.length === 1) put("b", "1");
      if (seen.length === 2) stop.abort();
    }
  })();
  await reading;
  await informer.ended;
  expect(seen).toEqual(['added a {"value":"1"}', 'added b {"value":"1"}']);
});

test("an abort before the first list ends it", async () => {
  cluster.fault({ delayMs: 60_000 });
  const informer = follow();
  stop.abort(new Error("stopped"));
  await expect(informer.synced).rejects.toThrow("stopped");
  await informer.ended;
});

/** What may happen, in any order. */
const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: fc.constantFrom("a", "b", "c", "d"), value: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ remove: fc.constantFrom("a", "b", "c", "d") }) },
  { weight: 2, arbitrary: fc.constantFrom("cut" as const, "end" as const, "bookmark" as const) },
  { weight: 1, arbitrary: fc.constantFrom("forget" as const, "down" as const, "refuse" as const) },
  { weight: 1, arbitrary: fc.record({ pause: fc.integer({ min: 1, max: 8 }) }) },
);

async function act(step: typeof anyStep extends fc.Arbitrary<infer Step> ? Step : never): Promise<void> {
  if (step === "cut") cluster.cutWatches();
  else if (step === "end") cluster.endWatches();
  else if (step === "bookmark") cluster.bookmark();
  else if (step === "forget") cluster.forget();
  else if (step === "refuse") cluster.fault({ times: 1, reason: "TooManyRequests", cutAfter: 40 });
  else if (step === "down") {
    await cluster.stop();
    await cluster.start();
  } else if ("put" in step) put(step.put, String(step.value));
  else if ("pause" in step) await new Promise((resolve) => setTimeout(resolve, step.pause));
  else if (cluster.objects("ConfigMap").some((object) => JSON.stringify(object).includes(`"name":"${step.remove}"`)))
    cluster.remove("ConfigMap", "default", step.remove);
}

test("whatever happens, the store becomes what the server has, and the changes lead there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      const end = new AbortController();
      const replayed = new Map<string, KubeObject>();
      const informer = inform(disturbed(api), RESOURCES.configMaps, {
        signal: end.signal,
        timer: hurried,
        pageSize: 2,
        onChange: ({ type, object }) =>
          type === "deleted" ? replayed.delete(nameOf(object)) : replayed.set(nameOf(object), object),
      });
      await informer.synced;
      for (const step of steps) await act(step);
      await until(() => JSON.stringify(informer.list()) === JSON.stringify(expected()));
      expect([...replayed.values()].toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))).toEqual(
        expected(),
      );
      end.abort();
      await informer.ended;
    }),
    { numRuns: 40 },
  );
}, 120_000);

/** The same server, of which some events come twice, and late once more. */
function disturbed(real: KubeApi): Pick<KubeApi, "list" | "watch"> {
  return {
    list: (resource, options) => real.list(resource, options),
    async *watch(resource, options) {
      let before: WatchEvent | undefined;
      for await (const event of real.watch(resource, options)) {
        yield event;
        yield event;
        if (before !== undefined && before.type !== "BOOKMARK") yield before;
        before = event;
      }
    },
  };
}
