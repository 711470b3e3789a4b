import { isKubeObject, type KubeObject, type Resource } from "@slipway/kube";
import { expect, test } from "vitest";
import { runningWorkloads } from "./workloads.ts";

function workload(kind: string, name: string, more: object, metadata: object = {}): KubeObject {
  const object: unknown = {
    apiVersion: "apps/v1",
    kind,
    metadata: { namespace: "gpu-operator", name, ...metadata },
    ...more,
  };
  const parsed = JSON.parse(JSON.stringify(object));
  if (isKubeObject(parsed)) return parsed;
  throw new Error("the test's own object is none");
}

const template = (image: string): object => ({ template: { spec: { containers: [{ name: "main", image }] } } });

const OBJECTS = [
  workload(
    "Deployment",
    "gpu-operator",
    { spec: { ...template("nvcr.io/nvidia/gpu-operator:v25.10.1") }, status: { readyReplicas: 1 } },
    {
      labels: {
        "helm.sh/chart": "gpu-operator-v25.10.1",
        "app.kubernetes.io/instance": "other",
        "app.kubernetes.io/version": "v25.10.1",
      },
      annotations: { "meta.helm.sh/release-name": "gpu-operator" },
    },
  ),
  workload("Deployment", "scaled", { spec: { replicas: 0, ...template("a:1") } }),
  workload("StatefulSet", "prometheus", { spec: { replicas: 2, ...template("p:1") }, status: { readyReplicas: 1 } }),
  workload("DaemonSet", "driver", { spec: template("d:1"), status: { desiredNumberScheduled: 8, numberReady: 7 } }),
  workload("DaemonSet", "fresh", { spec: { template: { spec: { containers: "nonsense" } } } }),
];

const api = {
  list: async (resource: Resource) => ({
    items: OBJECTS.filter(({ kind }) => kind === resource.kind),
    resourceVersion: "1",
  }),
};

test("workloads say whose they are, what they run and how much of it is ready", async () => {
  const found = await runningWorkloads(api);
  expect(found.map(({ kind, name, wanted, ready, images }) => [kind, name, `${ready}/${wanted}`, ...images])).toEqual([
    ["Deployment", "gpu-operator", "1/1", "nvcr.io/nvidia/gpu-operator:v25.10.1"],
    ["Deployment", "scaled", "0/0", "a:1"],
    ["StatefulSet", "prometheus", "1/2", "p:1"],
    ["DaemonSet", "driver", "7/8", "d:1"],
    ["DaemonSet", "fresh", "0/0"],
  ]);
  expect(found[0]).toEqual({
    kind: "Deployment",
    namespace: "gpu-operator",
    name: "gpu-operator",
    release: "gpu-operator",
    chartVersion: "v25.10.1",
    appVersion: "v25.10.1",
    images: ["nvcr.io/nvidia/gpu-operator:v25.10.1"],
    ready: 1,
    wanted: 1,
  });
});
