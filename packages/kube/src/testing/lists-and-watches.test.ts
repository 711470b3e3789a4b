import { afterEach, beforeEach, expect, test } from "vitest";
import { RESOURCES } from "../resources.ts";
import { clientOf, startCluster, type Cluster } from "./index.ts";

let cluster: Cluster;
let client: Awaited<ReturnType<typeof clientOf>>;

beforeEach(async () => {
  cluster = await startCluster();
  client = await clientOf(cluster);
});

afterEach(async () => {
  client.close();
  await cluster.close();
});

const MAPS = RESOURCES.configMaps;

function put(name: string, labels: Record<string, string> = {}): void {
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels }, data: { name } });
}

async function events(
  count: number,
  options: { resourceVersion?: string; labelSelector?: string; allowWatchBookmarks?: boolean; timeoutSeconds?: number },
  meanwhile: () => void = () => undefined,
): Promise<readonly string[]> {
  const seen: string[] = [];
  const state = { isOver: false };
  const watching = (async () => {
    try {
      for await (const { type, object } of client.watch(MAPS, options)) {
        seen.push(`${type} ${object.metadata.name ?? object.metadata.resourceVersion}`);
        if (seen.length === count) break;
      }
    } finally {
      state.isOver = true;
    }
  })();
  // It is awaited below; until then nobody minds.
  watching.catch(() => undefined);
  while (cluster.openWatches === 0 && !state.isOver) await new Promise((resolve) => setTimeout(resolve, 2));
  meanwhile();
  await watching;
  return seen;
}

test("pages show the state of the first one", async () => {
  for (const name of ["a", "b", "c"]) put(name);
  const first = await client.list(MAPS, { limit: 2 });
  expect([first.items.map(({ metadata }) => metadata.name), first.remainingItemCount]).toEqual([["a", "b"], 1]);
  put("d");
  cluster.remove("ConfigMap", "default", "c");
  const rest = await client.list(MAPS, { limit: 2, continue: first.continue });
  expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(["c"]);
  expect([rest.resourceVersion, rest.continue ?? ""]).toEqual([first.resourceVersion, ""]);
});

test("a page of a list that is forgotten is gone", async () => {
  for (const name of ["a", "b"]) put(name);
  const first = await client.list(MAPS, { limit: 1 });
  cluster.forget();
  await expect(client.list(MAPS, { limit: 1, continue: first.continue })).rejects.toMatchObject({
    status: 410,
    reason: "Expired",
  });
});

test("no more than metadata, when no more is asked for", async () => {
  put("a");
  const { items } = await client.list(MAPS, { metadataOnly: true });
  expect(items.map((item) => Object.keys(item).toSorted())).toEqual([["apiVersion", "kind", "metadata"]]);
});

test("a watch goes on from a version", async () => {
  put("a");
  const { resourceVersion } = await client.list(MAPS);
  put("b");
  cluster.remove("ConfigMap", "default", "a");
  expect(await events(3, { resourceVersion }, () => put("c"))).toEqual(["ADDED b", "DELETED a", "ADDED c"]);
});

test("a watch without a version starts with what is there", async () => {
  put("a");
  expect(await events(2, {}, () => put("b"))).toEqual(["ADDED a", "ADDED b"]);
});

test("for a selector, an object that no longer meets it is deleted", async () => {
  const { resourceVersion } = await client.list(MAPS);
  put("a", { app: "x" });
  put("b", { app: "y" });
  put("a", { app: "y" });
  put("b", { app: "x" });
  put("b", { app: "x", more: "1" });
  expect(await events(4, { resourceVersion, labelSelector: "app=x" })).toEqual([
    "ADDED a",
    "DELETED a",
    "ADDED b",
    "MODIFIED b",
  ]);
});

test("bookmarks go to those that take them", async () => {
  const { resourceVersion } = await client.list(MAPS);
  cluster.put({ apiVersion: "v1", kind: "Secret", metadata: { name: "other" } });
  const version = Number(resourceVersion) + 1;
  const told = await events(1, { resourceVersion, allowWatchBookmarks: true }, () => cluster.bookmark());
  expect(told).toEqual([`BOOKMARK ${version}`]);
  const silent = await events(1, { resourceVersion }, () => {
    cluster.bookmark();
    put("a");
  });
  expect(silent).toEqual(["ADDED a"]);
});

test("a version that is forgotten is told in an event, as the real server does", async () => {
  const { resourceVersion } = await client.list(MAPS);
  put("a");
  cluster.forget();
  await expect(events(1, { resourceVersion })).rejects.toMatchObject({ status: 410, reason: "Expired" });
});

test("a watch ends when its time is over, when it is told to, and breaks when it is cut", async () => {
  expect(await events(1, { timeoutSeconds: 1 })).toEqual([]);
  expect(await events(1, {}, () => cluster.endWatches())).toEqual([]);
  await expect(events(1, {}, () => cluster.cutWatches())).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("large answers are compressed for those that take it", async () => {
  cluster.put({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "large" },
    data: { text: "x".repeat(200_000) },
  });
  const answer = await fetch(`${cluster.url}/api/v1/configmaps`, { headers: { "accept-encoding": "gzip" } });
  expect(answer.headers.get("content-encoding")).toBe("gzip");
  expect(JSON.stringify(await answer.json())).toContain("x".repeat(200_000));
});
