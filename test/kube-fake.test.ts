import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { at, startCluster, type Cluster } from "@slipway/kube/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { helmBinary, kubectlBinary } from "./tools.ts";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await startCluster();
});

afterEach(async () => {
  await cluster.close();
});

async function fill(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(cluster.home, path)), { recursive: true });
    await writeFile(join(cluster.home, path), content);
  }
}

/** Runs a tool against the cluster; gives its output, or what it says when it fails. */
async function run(tool: () => Promise<string | undefined>, line: string): Promise<string> {
  const program = await tool();
  if (program === undefined) return "no tool";
  return new Promise((resolve) => {
    const env = { PATH: process.env["PATH"], HOME: cluster.home, KUBECONFIG: cluster.kubeconfig };
    execFile(program, line.split(" "), { cwd: cluster.home, env }, (error, stdout, stderr) => {
      resolve(error === null ? stdout : stderr);
    });
  });
}

const kubectl = async (line: string): Promise<string> => run(kubectlBinary, line);
const helm = async (line: string): Promise<string> => run(helmBinary, line);

async function hasTools(): Promise<boolean> {
  return (await kubectlBinary()) !== undefined;
}

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
  expect(cluster.objects("ConfigMap").map((object) => at(object, "data"))).toEqual([data]);
});

test("server-side apply creates, and removes what the same manager leaves out later", async () => {
  const apply = async (data: object, manager: string): Promise<unknown> =>
    call("PATCH", `${MAPS}/settings?fieldManager=${manager}`, configMap(data), "application/apply-patch+yaml");
  await apply({ color: "red", shape: "round" }, "one");
  await apply({ size: "2" }, "two");
  expect(await apply({ color: "blue" }, "one")).toMatchObject({ data: { color: "blue", size: "2" } });
  expect(cluster.objects("ConfigMap").map((object) => at(object, "data"))).toEqual([{ color: "blue", size: "2" }]);
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

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;
const WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: first}\nspec: {size: 1}\n";

test("the real kubectl applies, waits and deletes", async ({ skip }) => {
  if (!(await hasTools())) {
    skip("no kubectl");
    return;
  }
  await fill({ "definition.yaml": DEFINITION, "widget.yaml": WIDGET });
  expect(await kubectl("apply -f widget.yaml")).toContain('no matches for kind "Widget" in version "example.com/v1"');
  expect(await kubectl("apply -f definition.yaml")).toBe(
    "customresourcedefinition.apiextensions.k8s.io/widgets.example.com created\n",
  );
  expect(await kubectl("wait --for=condition=Established crd/widgets.example.com --timeout=10s")).toContain(
    "condition met",
  );
  expect(await kubectl("apply -f widget.yaml")).toBe("widget.example.com/first created\n");
  expect(await kubectl("apply -f widget.yaml")).toBe("widget.example.com/first unchanged\n");
  await fill({ "widget.yaml": WIDGET.replace("size: 1", "size: 2") });
  expect(await kubectl("apply --server-side --force-conflicts -f widget.yaml")).toContain("first serverside-applied");
  expect(await kubectl("get widget first -o jsonpath={.spec.size}")).toBe("2");
  expect(await kubectl("create namespace team")).toBe("namespace/team created\n");
  expect(await kubectl("delete namespace team --timeout 10s")).toBe('namespace "team" deleted\n');
  expect(await kubectl("delete -f definition.yaml --timeout 10s")).toContain("deleted");
  expect(cluster.objects("Widget")).toEqual([]);
});

test("the real helm installs, waits, upgrades, lists and uninstalls", async ({ skip }) => {
  if (!(await hasTools())) {
    skip("no helm");
    return;
  }
  await fill({
    "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    "chart/values.yaml": "color: red\n",
    "chart/crds/widgets.yaml": DEFINITION,
    "chart/templates/all.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: {{ .Values.color }}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
`,
  });
  const flags = "-n team --create-namespace --wait --timeout 20s";
  expect(await helm(`upgrade --install one ./chart ${flags}`)).toContain("STATUS: deployed\nREVISION: 1\n");
  expect(await helm(`upgrade --install one ./chart ${flags} --set color=blue`)).toContain("REVISION: 2\n");
  expect(cluster.objects("ConfigMap", "team").map((object) => at(object, "data"))).toEqual([{ color: "blue" }]);
  expect(await kubectl("rollout restart deployment/web -n team")).toBe("deployment.apps/web restarted\n");
  expect(await kubectl("rollout status deployment/web -n team --timeout 10s")).toContain("successfully rolled out");
  expect(await helm("list -A --output json")).toContain('"name":"one","namespace":"team","revision":"2"');
  expect(await helm("uninstall one -n team --wait --timeout 20s")).toBe('release "one" uninstalled\n');
  expect([cluster.objects("Deployment"), cluster.objects("Secret")]).toEqual([[], []]);
  expect(cluster.objects("CustomResourceDefinition")).toHaveLength(1);
});
