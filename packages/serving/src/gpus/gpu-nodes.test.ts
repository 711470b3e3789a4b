import { kubeObject, type KubeObject } from "@slipway/kube";
import { clientOf, startCluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { gpuNodesOf, gpuProducts, gpusOfPod, usedGpus } from "./gpu-nodes.ts";

function node(name: string, labels: Record<string, string>, gpus: string, unschedulable = false): KubeObject {
  const amounts = gpus === "" ? { cpu: "8" } : { cpu: "8", "nvidia.com/gpu": gpus };
  const status = { allocatable: amounts, capacity: amounts };
  return kubeObject(
    { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: { unschedulable }, status },
    "a node",
  );
}

const H100 = {
  "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
  "feature.node.kubernetes.io/pci-10de.present": "true",
};

test("nodes with GPUs, what is free on them, and the sum by product", () => {
  const nodes = gpuNodesOf(
    [
      node("cpu", {}, ""),
      node("h1", H100, "8"),
      node("h2", H100, "8", true),
      node("bare", { "feature.node.kubernetes.io/pci-10de.present": "true" }, ""),
      node("unlabelled", {}, "2"),
    ],
    new Map([
      ["h1", 6],
      ["unlabelled", 5],
    ]),
  );
  expect(nodes).toEqual([
    { name: "h1", product: "NVIDIA-H100-80GB-HBM3", total: 8, free: 2, slices: 0, isOpen: true, hasPciLabel: true },
    { name: "h2", product: "NVIDIA-H100-80GB-HBM3", total: 8, free: 8, slices: 0, isOpen: false, hasPciLabel: true },
    { name: "bare", product: "unknown", total: 0, free: 0, slices: 0, isOpen: true, hasPciLabel: true },
    { name: "unlabelled", product: "unknown", total: 2, free: 0, slices: 0, isOpen: true, hasPciLabel: false },
  ]);
  expect(gpuProducts(nodes)).toEqual([
    { product: "NVIDIA-H100-80GB-HBM3", nodes: 2, total: 16, free: 2, slices: 0 },
    { product: "unknown", nodes: 2, total: 2, free: 0, slices: 0 },
  ]);
});

test.each([
  [{}, 0],
  [{ spec: "text" }, 0],
  [{ spec: { containers: [{ resources: { limits: { "nvidia.com/gpu": "2" } } }, {}, null] } }, 2],
  [{ spec: { containers: [{ resources: { limits: { "nvidia.com/gpu": 1 } } }] } }, 1],
  [{ spec: { containers: [{ resources: { limits: { "nvidia.com/gpu": "-4" } } }] } }, 0],
  [{ spec: { containers: [{ resources: { limits: { "nvidia.com/gpu": "many" } } }] } }, 0],
  [{ spec: { containers: [], initContainers: [{ resources: { requests: { "nvidia.com/gpu": "3" } } }] } }, 3],
])("GPUs of the pod %j: %i", (pod, expected) => {
  expect(gpusOfPod(pod)).toBe(expected);
});

test("pods that have ended hold nothing", async () => {
  const cluster = await startCluster({ unsettled: ["Pod"] });
  const pod = (name: string, phase: string, nodeName: string, gpus: string): void =>
    void cluster.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { nodeName, containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": gpus } } }] },
      status: { phase },
    });
  pod("running", "Running", "h1", "2");
  pod("starting", "Pending", "h1", "1");
  pod("waiting", "Pending", "", "4");
  pod("done", "Succeeded", "h1", "4");
  pod("broken", "Failed", "h1", "4");
  const client = await clientOf(cluster);
  expect([...(await usedGpus(client))]).toEqual([["h1", 3]]);
  client.close();
  await cluster.close();
});

test("a node that offers parts of GPUs alone", () => {
  const amounts = {
    "nvidia.com/gpu": "0",
    "nvidia.com/mig-1g.10gb": "7",
    "nvidia.com/mig-3g.40gb": 2,
    "nvidia.com/mig-x": "many",
  };
  const mig = kubeObject(
    { apiVersion: "v1", kind: "Node", metadata: { name: "m", labels: H100 }, status: { allocatable: amounts } },
    "a node",
  );
  expect(gpuNodesOf([mig], new Map())).toMatchObject([{ total: 0, free: 0, slices: 9 }]);
});
