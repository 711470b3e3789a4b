import { expect, test } from "vitest";
import { DRA_DEVICES, clusterGpuSubtypes, nodeGpuSubtypes } from "./gpu-labels.ts";
import { nodeFacts } from "./nodes.ts";
import { gpuNode, node } from "./testing/nodes.ts";

const slice = {
  apiVersion: "resource.k8s.io/v1",
  kind: "ResourceSlice",
  metadata: { name: "gb200-1-gpu" },
  spec: {
    driver: "gpu.nvidia.com",
    nodeName: "gb200-1",
    devices: [0, 1, 2, 3].map((index) => ({
      name: `gpu-${index}`,
      attributes: {
        type: { string: "gpu" },
        productName: { string: "NVIDIA GB200" },
        driverVersion: { version: "580.82.7" },
        cudaDriverVersion: { version: "13.0.0" },
      },
    })),
  },
};

function devices() {
  const state = DRA_DEVICES.start();
  DRA_DEVICES.add(state, slice);
  const spec = { driver: "compute-domain.nvidia.com", nodeName: "gb200-1", devices: [{ name: "channel-0" }] };
  DRA_DEVICES.add(state, { ...slice, spec });
  return state;
}

test("a node with GPU feature discovery", () => {
  const object = gpuNode("gpu-1");
  const labels = {
    ...object.metadata.labels,
    "nvidia.com/cuda.driver-version.full": "580.82.07",
    "nvidia.com/cuda.runtime-version.full": "13.0",
    "nvidia.com/gpu.memory": "81559",
    "nvidia.com/mig.strategy": "single",
    "nvidia.com/gpu.machine": "p5.48xlarge",
    "feature.node.kubernetes.io/pci-0302_10de.present": "true",
    "topology.kubernetes.io/zone": "a",
  };
  const context = new Map([["source", "Node gpu-1"]]);
  expect(nodeGpuSubtypes(nodeFacts({ ...object, metadata: { name: "gpu-1", labels } }))).toEqual([
    {
      name: "device",
      data: new Map<string, unknown>([
        ["model", "NVIDIA-H100-80GB-HBM3"],
        ["gpu-count", 8],
        ["driver", "580.82.07"],
        ["cuda-version", "13.0"],
        ["memory-mib", 81_559],
        ["mig-strategy", "single"],
        ["machine", "p5.48xlarge"],
        ["allocatable.nvidia.com/gpu", 8],
        ["detected-by", "gpu-label"],
      ]),
      context,
    },
    {
      name: "labels",
      data: new Map([
        ["feature.node.kubernetes.io/pci-0302_10de.present", "true"],
        ["nvidia.com/cuda.driver-version.full", "580.82.07"],
        ["nvidia.com/cuda.runtime-version.full", "13.0"],
        ["nvidia.com/gpu.count", "8"],
        ["nvidia.com/gpu.machine", "p5.48xlarge"],
        ["nvidia.com/gpu.memory", "81559"],
        ["nvidia.com/gpu.present", "true"],
        ["nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3"],
        ["nvidia.com/mig.strategy", "single"],
      ]),
      context,
    },
  ]);
});

test("older labels write the driver's version in parts", () => {
  const parts = { major: "535", minor: "104", rev: "05" };
  const labels = Object.fromEntries(
    Object.entries(parts).map(([part, value]) => [`nvidia.com/cuda.driver.${part}`, value]),
  );
  const facts = nodeFacts(node("a", { labels: { ...labels, "nvidia.com/gpu.present": "true" } }));
  expect(nodeGpuSubtypes(facts)[0]?.data.get("driver")).toBe("535.104.05");
});

test("a node whose GPUs only DRA shows", () => {
  const dra = devices().get("gb200-1");
  expect(Object.fromEntries(nodeGpuSubtypes(nodeFacts(node("gb200-1")), dra)[0]?.data ?? [])).toEqual({
    model: "NVIDIA GB200",
    "gpu-count": 4,
    driver: "580.82.7",
    "cuda-version": "13.0.0",
    "detected-by": "resource-slice",
  });
});

test("a slice in the form of v1beta1", () => {
  const state = DRA_DEVICES.start();
  const basic = { attributes: { type: { string: "gpu" }, productName: { string: "NVIDIA H100" } } };
  DRA_DEVICES.add(state, { ...slice, spec: { ...slice.spec, devices: [{ name: "gpu-0", basic }] } });
  expect(state.get("gb200-1")).toEqual([
    { type: "gpu", productName: "NVIDIA H100", driverVersion: "", cudaVersion: "" },
  ]);
});

test("a node without a sign of a GPU has no subtypes, and neither has a cluster of such nodes", () => {
  expect(nodeGpuSubtypes(nodeFacts(node("cpu-1")))).toEqual([]);
  expect(clusterGpuSubtypes([nodeFacts(node("cpu-1"))], new Map())).toEqual([]);
});

test("the GPUs of a cluster", () => {
  const plugin = node("p", { allocatable: { "nvidia.com/gpu": "2" } });
  const nodes = [gpuNode("h-1"), gpuNode("h-2"), node("gb200-1"), plugin, node("cpu-1")].map(nodeFacts);
  expect(clusterGpuSubtypes(nodes, devices())).toEqual([
    {
      name: "cluster",
      data: new Map<string, unknown>([
        ["node-count", 4],
        ["allocatable-count", 18],
        ["nodes.NVIDIA GB200", 1],
        ["nodes.NVIDIA-H100-80GB-HBM3", 2],
        ["nodes.unknown", 1],
      ]),
    },
  ]);
});
