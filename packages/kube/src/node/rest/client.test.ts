import { rejectionOf } from "@slipway/base/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WatchEvent, WatchOptions } from "../../api.ts";
import { isAlreadyExists, isConflict, isExpired, isNotFound } from "../../errors.ts";
import type { KubeObject } from "../../objects.ts";
import { eachObject } from "../../pages.ts";
import { RESOURCES } from "../../resources.ts";
import { startCluster, type Cluster } from "../../testing/index.ts";
import { testClient } from "../../testing/test-client.ts";
import type { NodeKubeClient } from "../connect.ts";

const { configMaps, namespaces, pods } = RESOURCES;

let cluster: Cluster;
let client: NodeKubeClient;

beforeEach(async () => {
  cluster = await startCluster({ namespaces: ["gpu"] });
  client = await testClient({ cluster: { server: cluster.url } });
});

afterEach(async () => {
  client.close();
  await cluster.close();
});

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

/** Method, path and query of what was asked, and the body's type and text. */
function asked(): readonly string[] {
  return cluster.requests.map(({ method, path, query, headers, body }) =>
    [method, query === "" ? path : `${path}?${query}`, headers["content-type"] ?? "", body]
      .filter((part) => part !== "")
      .join(" "),
  );
}

test("an object is created, read, changed in every way, and deleted", async () => {
  const created = await client.create(configMaps, configMap("a", { x: "1" }), { namespace: "gpu" });
  expect(created).toMatchObject({ metadata: { name: "a", namespace: "gpu" }, data: { x: "1" } });
  const ofA = { namespace: "gpu" };
  expect(await client.get(configMaps, "a", ofA)).toEqual(created);
  expect(await client.update(configMaps, { ...created, data: { x: "2" } })).toMatchObject({ data: { x: "2" } });
  const change = async (patch: Parameters<NodeKubeClient["patch"]>[2], options = {}) =>
    (await client.patch(configMaps, "a", patch, { ...ofA, ...options }))["data"];
  expect(await change({ type: "merge", value: { data: { y: "3" } } })).toEqual({ x: "2", y: "3" });
  expect(await change({ type: "strategic", value: { data: { y: null } } })).toEqual({ x: "2" });
  expect(await change({ type: "json", operations: [{ op: "add", path: "/data/z", value: "4" }] })).toEqual({
    x: "2",
    z: "4",
  });
  const object = configMap("a", { w: "5" });
  expect(await change({ type: "apply", object, force: true }, { fieldManager: "me" })).toMatchObject({ w: "5" });
  await client.delete(configMaps, "a", ofA);
  expect(isNotFound(await rejectionOf(client.get(configMaps, "a", ofA)))).toBe(true);
});

test("requests say what they want as the API spells it", async () => {
  const options = { namespace: "gpu", dryRun: true, fieldManager: "me", fieldValidation: "Strict" } as const;
  const object = configMap("a b");
  await Promise.allSettled([
    client.create(configMaps, object, options),
    client.patch(configMaps, "a", { type: "apply", object: configMap("a"), force: true }, options),
    client.patch(pods, "p", { type: "merge", value: {} }, { subresource: "status" }),
    client.delete(pods, "p", {
      propagation: "Foreground",
      gracePeriodSeconds: 0,
      preconditions: { uid: "u", resourceVersion: "7" },
      dryRun: true,
    }),
    client.deleteCollection(pods, {
      namespace: "gpu",
      labelSelector: "app in (a,b)",
      fieldSelector: "spec.nodeName=n",
    }),
    client.list(pods, { limit: 2, labelSelector: "a=b", resourceVersion: "0" }),
    client.get(namespaces, "gpu", { namespace: "ignored" }),
  ]);
  const write = "dryRun=All&fieldManager=me&fieldValidation=Strict";
  const deletion = '{"kind":"DeleteOptions","apiVersion":"v1"';
  expect(asked().toSorted()).toEqual(
    [
      `POST /api/v1/namespaces/gpu/configmaps?${write} application/json {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a b"},"data":{}}`,
      `PATCH /api/v1/namespaces/gpu/configmaps/a?${write}&force=true application/apply-patch+yaml {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{}}`,
      "PATCH /api/v1/namespaces/default/pods/p/status application/merge-patch+json {}",
      `DELETE /api/v1/namespaces/default/pods/p?dryRun=All application/json ${deletion},"propagationPolicy":"Foreground","gracePeriodSeconds":0,"preconditions":{"uid":"u","resourceVersion":"7"},"dryRun":["All"]}`,
      `DELETE /api/v1/namespaces/gpu/pods?labelSelector=app%20in%20(a%2Cb)&fieldSelector=spec.nodeName%3Dn application/json ${deletion}}`,
      "GET /api/v1/pods?labelSelector=a%3Db&limit=2&resourceVersion=0",
      "GET /api/v1/namespaces/gpu",
    ].toSorted(),
  );
});

test("what cannot be a name is refused before it is sent", async () => {
  for (const name of ["", ".", "..", "a/b", "a%2fb"])
    expect(await rejectionOf(client.get(pods, name))).toMatchObject({
      code: "INVALID_INPUT",
      message: `${JSON.stringify(name)} cannot be the name of a Pod`,
    });
  expect((await rejectionOf(client.list(pods, { namespace: ".." }))).message).toBe('".." cannot be the namespace');
  expect((await rejectionOf(client.deleteCollection(pods, { namespace: "" }))).code).toBe("INVALID_INPUT");
  const object = configMap("a");
  expect((await rejectionOf(client.patch(configMaps, "a", { type: "apply", object }))).message).toBe(
    "server-side apply needs a field manager",
  );
  expect((await rejectionOf(client.read("version"))).message).toBe('"version" is no path of a server');
  expect(asked()).toEqual([]);
});

test("a refusal says what kind of refusal it is", async () => {
  const created = await client.create(configMaps, configMap("a"));
  expect(isAlreadyExists(await rejectionOf(client.create(configMaps, configMap("a"))))).toBe(true);
  await client.update(configMaps, { ...created, data: { x: "1" } });
  expect(isConflict(await rejectionOf(client.update(configMaps, { ...created, data: { x: "2" } })))).toBe(true);
});

test("a list goes from page to page, and its items say what they are", async () => {
  for (const name of ["a", "b", "c"]) await client.create(configMaps, configMap(name, { x: name }));
  const page = await client.list(configMaps, { namespace: "default", limit: 2 });
  expect(page.items).toMatchObject([configMap("a", { x: "a" }), configMap("b", { x: "b" })]);
  expect(page).toMatchObject({ continue: expect.any(String), remainingItemCount: 1 });
  const names: unknown[] = [];
  for await (const object of eachObject(client, configMaps, { limit: 2 })) names.push(object.metadata.name);
  expect(names).toEqual(["a", "b", "c"]);
  expect(await client.list(pods)).toEqual({ items: [], resourceVersion: page.resourceVersion });
});

test("a list may have nothing but metadata", async () => {
  await client.create(configMaps, configMap("a", { x: "1" }));
  const { items } = await client.list(configMaps, { namespace: "default", metadataOnly: true });
  expect(items.map((item) => ({ ...item, metadata: item.metadata.name }))).toEqual([
    { apiVersion: "v1", kind: "ConfigMap", metadata: "a" },
  ]);
  expect(cluster.requests.at(-1)?.headers["accept"]).toBe(
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
  );
});

/** Names of what a watch reports until it ends. */
async function watched(options: WatchOptions, onEvent: (event: WatchEvent) => void = () => undefined) {
  const events: string[] = [];
  for await (const event of client.watch(configMaps, { namespace: "default", ...options })) {
    events.push(`${event.type} ${event.object.metadata.name ?? ""}`);
    onEvent(event);
  }
  return events;
}

async function opened(): Promise<void> {
  while (cluster.openWatches === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a watch reports changes until the server ends it", async () => {
  const { resourceVersion } = await client.list(configMaps);
  const running = watched({ resourceVersion, allowWatchBookmarks: true });
  await opened();
  await client.create(configMaps, configMap("a"));
  await client.update(configMaps, configMap("a", { x: "1" }));
  await client.delete(configMaps, "a");
  cluster.bookmark();
  cluster.endWatches();
  expect(await running).toEqual(["ADDED a", "MODIFIED a", "DELETED a", "BOOKMARK "]);
  expect(asked()[1]).toBe(
    `GET /api/v1/namespaces/default/configmaps?watch=true&resourceVersion=${resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=300`,
  );
});

test("a watch that nobody reads on ends at once, and so does one that is interrupted or cut", async () => {
  await client.create(configMaps, configMap("a"));
  const stop = new AbortController();
  const interrupted = rejectionOf(watched({ signal: stop.signal }, () => stop.abort()));
  expect((await interrupted).code).toBe("INTERRUPTED");
  for await (const event of client.watch(configMaps, { namespace: "default" })) {
    expect(event.type).toBe("ADDED");
    break;
  }
  while (cluster.openWatches > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const cut = rejectionOf(watched({}, () => cluster.cutWatches()));
  expect((await cut).code).toBe("UNAVAILABLE");
});

test("a watch from a version that is forgotten is told to list anew", async () => {
  const { resourceVersion } = await client.list(configMaps);
  await client.create(configMaps, configMap("a"));
  cluster.forget();
  expect(isExpired(await rejectionOf(watched({ resourceVersion })))).toBe(true);
});

test("a read that is cut in the middle of its answer is sent again, a few times; a write is not", async () => {
  cluster.put({ ...configMap("a", { x: "1" }), metadata: { name: "a", namespace: "gpu" } });
  cluster.fault({ cutAfter: 30, times: 3 });
  const { items } = await client.list(configMaps, { namespace: "gpu" });
  expect(items).toMatchObject([{ metadata: { name: "a" }, data: { x: "1" } }]);
  expect(asked()).toHaveLength(4);
  cluster.fault({ cutAfter: 10, times: 3, when: ({ path }) => path === "/version" });
  expect(await client.read("/version")).toMatchObject({ major: "1" });
  expect(asked()).toHaveLength(8);
  cluster.fault({ cutAfter: 30 });
  expect(await rejectionOf(client.get(configMaps, "a", { namespace: "gpu" }))).toMatchObject({ code: "UNAVAILABLE" });
  expect(asked()).toHaveLength(12);
  expect(await rejectionOf(client.create(configMaps, configMap("b"), { namespace: "gpu" }))).toMatchObject({
    code: "UNAVAILABLE",
  });
  expect(asked()).toHaveLength(13);
});
