import { valueAt } from "@slipway/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startCluster, type Cluster } from "./index.ts";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await startCluster();
});

afterEach(async () => {
  await cluster.close();
});

async function call(method: string, path: string, body?: object, type = "application/json"): Promise<unknown> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": type } };
  const response = await fetch(cluster.url + path, { method, ...init });
  return await response.json();
}

function configMap(data: object, name = "settings"): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

const MAPS = "/api/v1/namespaces/default/configmaps";
const NOT_FOUND = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: 'configmaps "settings" not found',
  reason: "NotFound",
  details: { name: "settings", group: "", kind: "configmaps" },
  code: 404,
};

test("an object is created, read, listed, replaced and deleted, and each change is in the log", async () => {
  expect(await call("GET", `${MAPS}/settings`)).toEqual(NOT_FOUND);
  const created = await call("POST", MAPS, configMap({ color: "red" }));
  expect(created).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "settings",
      namespace: "default",
      uid: "00000000-0000-4000-8000-000000000005",
      creationTimestamp: "2024-01-01T00:00:00Z",
      generation: 1,
      resourceVersion: "6",
    },
    data: { color: "red" },
  });
  expect(await call("GET", `${MAPS}/settings`)).toEqual(created);
  expect(await call("POST", MAPS, configMap({}))).toMatchObject({ reason: "AlreadyExists", code: 409 });
  expect(await call("PUT", `${MAPS}/settings`, configMap({ color: "blue" }))).toMatchObject({
    data: { color: "blue" },
  });
  expect(await call("GET", MAPS)).toMatchObject({ kind: "ConfigMapList", items: [{ data: { color: "blue" } }] });
  await call("DELETE", `${MAPS}/settings`);
  expect(await call("GET", `${MAPS}/settings`)).toEqual(NOT_FOUND);
  expect(cluster.writes.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
    "create settings",
    "update settings",
    "delete settings",
  ]);
});

test("an update from an older state is a conflict", async () => {
  await call("POST", MAPS, configMap({}));
  const stale = { ...configMap({ color: "red" }), metadata: { name: "settings", resourceVersion: "1" } };
  expect(await call("PUT", `${MAPS}/settings`, stale)).toMatchObject({ reason: "Conflict", code: 409 });
});

test.each([
  ["application/merge-patch+json", { data: { color: null, size: "2" } }, { shape: "round", size: "2" }],
  ["application/strategic-merge-patch+json", { data: { color: null, size: "2" } }, { shape: "round", size: "2" }],
  [
    "application/json-patch+json",
    [{ op: "replace", path: "/data/color", value: "blue" }],
    { color: "blue", shape: "round" },
  ],
])("%s changes part of an object", async (type, patch, data) => {
  await call("POST", MAPS, configMap({ color: "red", shape: "round" }));
  expect(await call("PATCH", `${MAPS}/settings`, patch, type)).toMatchObject({ data });
  expect(cluster.objects("ConfigMap").map((object) => valueAt(object, "data"))).toEqual([data]);
});

test("server-side apply creates, and removes what the same manager leaves out later", async () => {
  const apply = async (data: object, manager: string): Promise<unknown> =>
    call("PATCH", `${MAPS}/settings?fieldManager=${manager}`, configMap(data), "application/apply-patch+yaml");
  await apply({ color: "red", shape: "round" }, "one");
  await apply({ size: "2" }, "two");
  expect(await apply({ color: "blue" }, "one")).toMatchObject({ data: { color: "blue", size: "2" } });
  expect(cluster.objects("ConfigMap").map((object) => valueAt(object, "data"))).toEqual([{ color: "blue", size: "2" }]);
});

test("strategic merge patches merge lists by name", async () => {
  const containers = [
    { name: "a", image: "a:1" },
    { name: "b", image: "b:1" },
  ];
  const path = "/api/v1/namespaces/default/pods";
  await call("POST", path, { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers } });
  const changes = [
    { name: "b", image: "b:2" },
    { name: "a", $patch: "delete" },
  ];
  const patch = { spec: { containers: changes, "$setElementOrder/containers": [{ name: "b" }] } };
  expect(await call("PATCH", `${path}/p`, patch, "application/strategic-merge-patch+json")).toMatchObject({
    spec: { containers: [{ name: "b", image: "b:2" }] },
  });
});

test("a dry run changes nothing", async () => {
  expect(await call("POST", `${MAPS}?dryRun=All`, configMap({}))).toMatchObject({ metadata: { name: "settings" } });
  await call("POST", MAPS, configMap({}));
  await call("DELETE", `${MAPS}/settings?dryRun=All`);
  expect(cluster.writes).toEqual([{ verb: "create", kind: "ConfigMap", namespace: "default", name: "settings" }]);
});

test("objects need their namespace and go with it", async () => {
  const path = "/api/v1/namespaces/team/configmaps";
  expect(await call("POST", path, configMap({}))).toMatchObject({ message: 'namespaces "team" not found', code: 404 });
  await call("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
  await call("POST", path, configMap({}));
  await call("DELETE", "/api/v1/namespaces/team");
  expect(cluster.objects("ConfigMap")).toEqual([]);
});

test.each([
  ["labelSelector=app=a", ["one"]],
  ["labelSelector=app!=a", ["three", "two"]],
  ["labelSelector=app in (a,b),!old", ["one", "two"]],
  ["labelSelector=app notin (a)", ["three", "two"]],
  ["labelSelector=old", ["three"]],
  ["fieldSelector=metadata.name=two", ["two"]],
])("%s selects", async (selector, names) => {
  const labels = { one: { app: "a" }, two: { app: "b" }, three: { old: "yes" } };
  for (const [name, values] of Object.entries(labels))
    await call("POST", MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels: values } });
  const list = await call("GET", `${MAPS}?${selector}`);
  expect(list).toMatchObject({ items: names.map((name) => ({ metadata: { name } })) });
});

test("a request that a test has refused fails, and only that one", async () => {
  cluster.refuse((method, path) => method === "POST" && path.endsWith("/configmaps"));
  expect(await call("POST", MAPS, configMap({}))).toMatchObject({ code: 500 });
  expect(await call("GET", MAPS)).toMatchObject({ items: [] });
});
