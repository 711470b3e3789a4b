import type { Tree } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { GET_COLUMNS, getCells } from "./get-columns.ts";

const NOW = new Date("2026-01-02T03:04:05Z");

function object(kind: string, spec: Tree, status: Tree): KubeObject {
  const metadata = { name: "x", namespace: "nim", creationTimestamp: "2026-01-02T02:04:05Z" };
  return { apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata, spec, status };
}

function message(text: string): Tree {
  return { state: "NotReady", conditions: [{ type: "Ready", status: "False", message: text }] };
}

test.each<[what: string, spec: Tree, status: Tree, cells: readonly string[]]>([
  ["new", {}, {}, ["x", "<none>", "60m", "<none>", "-/1", "<none>", "<none>"]],
  [
    "ready, from a cache",
    { replicas: 2, storage: { nimCache: { name: "c", profile: "p" } } },
    { state: "Ready", model: { clusterEndpoint: "10.0.0.1:8000" } },
    ["x", "Ready", "60m", "10.0.0.1:8000", "2/2", "p", "nimcache/c"],
  ],
  [
    "reachable from outside, scaled",
    { scale: { enabled: true, hpa: { minReplicas: 2, maxReplicas: 10 } }, storage: { pvc: { name: "m" } } },
    { state: "Ready", model: { clusterEndpoint: "10.0.0.1:8000", externalEndpoint: "llm.example.com" } },
    ["x", "Ready", "60m", "llm.example.com", "-/2-10", "<none>", "pvc/m"],
  ],
  [
    "rolling out",
    { replicas: 3, storage: { pvc: { create: true, size: "20Gi" } } },
    message('Waiting for deployment "x" rollout to finish: 1 of 3 updated replicas are available...\n'),
    ["x", "NotReady", "60m", "<none>", "1/3", "<none>", "pvc/x-pvc (20Gi)"],
  ],
  [
    "off",
    { replicas: 0, storage: { emptyDir: { sizeLimit: "5Gi" } } },
    message('deployment "x" is scaled down'),
    ["x", "NotReady", "60m", "<none>", "0/0", "<none>", "emptyDir (5Gi)"],
  ],
  [
    "counted by the operator",
    { inferencePlatform: "kserve", storage: { hostPath: "/m" } },
    { state: "Ready", availableReplicas: 4 },
    ["x", "Ready", "60m", "<none>", "4/1", "<none>", "hostPath /m"],
  ],
])("a service that is %s", (_, spec, status, cells) => {
  expect(getCells("NIMService", object("NIMService", spec, status), NOW, false)).toEqual(cells);
});

test.each<[what: string, spec: Tree, status: Tree, cells: readonly string[]]>([
  ["new", {}, {}, ["x", "<none>", "<none>", "<none>", "60m", "0"]],
  [
    "from NGC",
    { source: { ngc: {} }, storage: { pvc: { name: "m", size: "9Gi" } } },
    { state: "Ready", pvc: "m", profiles: [{}, {}] },
    ["x", "NGC", "Ready", "m, 9Gi", "60m", "2"],
  ],
  [
    "from a hub",
    { source: { hf: {} }, storage: { pvc: { create: true, size: "9Gi" } } },
    {},
    ["x", "HuggingFace Hub", "<none>", "9Gi", "60m", "0"],
  ],
  [
    "from a store",
    { source: { dataStore: {} }, storage: { pvc: { create: true } } },
    {},
    ["x", "NVIDIA NeMo DataStore", "<none>", "x-pvc", "60m", "0"],
  ],
  [
    "on a host",
    { source: { ngc: {} }, storage: { hostPath: "/m" } },
    {},
    ["x", "NGC", "<none>", "hostPath /m", "60m", "0"],
  ],
])("a cache that is %s", (_, spec, status, cells) => {
  expect(getCells("NIMCache", object("NIMCache", spec, status), NOW, false)).toEqual(cells);
});

test("wide shows more, and there is a cell for each column", () => {
  const service = object(
    "NIMService",
    {
      image: { repository: "r/m", tag: "1" },
      resources: { limits: { "nvidia.com/gpu": "2" } },
      expose: { service: { type: "NodePort", port: 8000 } },
    },
    { model: { name: "meta/llama" } },
  );
  const cache = object("NIMCache", { source: { ngc: { modelEndpoint: "ngc://a/b:1", modelPuller: "p:1" } } }, {});
  expect(getCells("NIMService", service, NOW, true).slice(7)).toEqual([
    "meta/llama",
    "r/m:1",
    "2",
    "standalone",
    "NodePort:8000",
  ]);
  expect(getCells("NIMCache", cache, NOW, true).slice(6)).toEqual(["ngc://a/b:1", "p:1"]);
  for (const kind of ["NIMService", "NIMCache"] as const) {
    const { normal, wide } = GET_COLUMNS[kind];
    const empty = object(kind, "", 4);
    expect(getCells(kind, empty, NOW, false)).toHaveLength(normal.length);
    expect(getCells(kind, empty, NOW, true)).toHaveLength(normal.length + wide.length);
  }
});
