import type { TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { gpuNode, workload } from "../../testing/gpu-cluster.ts";
import { COMPONENTS, component, look } from "../../testing/look.ts";

const slice = (node: string, devices = 8): TreeMap => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "ResourceSlice",
  metadata: { name: `${node}-gpu` },
  spec: {
    driver: "gpu.nvidia.com",
    nodeName: node,
    devices: Array.from({ length: devices }, (_, index) => ({ name: `gpu-${index}` })),
  },
});

test("gpus-allocatable: by the device plugin, by MIG, by dynamic resource allocation; none, and fewer than there are", async () => {
  const mig = gpuNode("mig", "0");
  const nodes = [
    gpuNode("a"),
    { ...mig, status: { allocatable: { "nvidia.com/gpu": "0", "nvidia.com/mig-1g.10gb": "56" } } },
    gpuNode("dra", "0"),
  ];
  const cpu = { apiVersion: "v1", kind: "Node", metadata: { name: "cpu" }, status: {} };
  expect(await look("gpus-allocatable", [...nodes, cpu, slice("dra")])).toEqual([
    "passed",
    "3 GPU nodes offer their GPUs",
    "a: nvidia.com/gpu 8",
    "dra: nvidia.com/gpu 0, resource slices",
    "mig: nvidia.com/gpu 0, MIG devices 56",
  ]);
  expect((await look("gpus-allocatable", [gpuNode("a", "7"), gpuNode("b", "0")])).slice(0, 4)).toEqual([
    "failed",
    "a offers 7 of its 8 GPUs (unhealthy ones are withheld) (and 1 more)",
    "a offers 7 of its 8 GPUs (unhealthy ones are withheld)",
    "b offers no GPUs: neither nvidia.com/gpu nor a resource slice of gpu.nvidia.com",
  ]);
  expect((await look("gpus-allocatable", [cpu]))[0]).toBe("skipped");
});

test("dra-support: API, class, slices and driver", async () => {
  const deviceClass = { apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", metadata: { name: "gpu.nvidia.com" } };
  const driver = workload("DaemonSet", "nvidia-dra-driver/nvidia-dra-driver-gpu-kubelet-plugin", 2, 2);
  expect(await look("dra-support", [deviceClass, slice("a"), slice("b", 4), driver])).toEqual([
    "passed",
    "12 devices can be claimed",
    "resource.k8s.io: v1",
    "DeviceClass gpu.nvidia.com",
    "2 resource slices with 12 devices",
    "DaemonSet nvidia-dra-driver/nvidia-dra-driver-gpu-kubelet-plugin: 2 of 2 ready",
  ]);
  expect((await look("dra-support", [], { components: [] })).slice(0, 3)).toEqual([
    "failed",
    "there is no DeviceClass of nvidia.com (and 1 more)",
    "there is no DeviceClass of nvidia.com",
  ]);
});

test("secure-accelerator-access: pods of users mount no devices", async () => {
  const pod = (namespace: string, name: string, spec: TreeMap): TreeMap => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec,
  });
  const devices = { volumes: [{ name: "d", hostPath: { path: "/dev/nvidia0" } }], containers: [] };
  const asking = { containers: [{ name: "c", resources: { limits: { "nvidia.com/gpu": "1" } } }] };
  const objects = [
    pod("gpu-operator", "plugin", devices),
    pod("team", "train", asking),
    pod("team", "claim", { resourceClaims: [{ name: "g" }] }),
  ];
  expect(await look("secure-accelerator-access", objects)).toEqual([
    "passed",
    "none of 2 pods reaches past the scheduler (2 have GPUs)",
    "2 pods looked at, 2 got GPUs from the scheduler",
  ]);
  expect((await look("secure-accelerator-access", [...objects, pod("team", "sneak", devices)])).slice(0, 2)).toEqual([
    "failed",
    "Pod team/sneak mounts /dev/nvidia0 of its host",
  ]);
});

test("node-constraints: what the API tells of every GPU node", async () => {
  const constraints = [
    { name: "OS.release.ID", value: "ubuntu" },
    { name: "OS.release.VERSION_ID", value: "24.04" },
    { name: "OS.sysctl./proc/sys/kernel/osrelease", value: ">= 6.8" },
    { name: "GPU.smi.driver", value: ">= 580" },
    { name: "OS.kmod.nvidia", value: "true" },
  ];
  const labels = { "nvidia.com/cuda.driver-version.full": "580.105.08" };
  const old = gpuNode("b", "8", {
    labels: { ...labels, "nvidia.com/cuda.driver-version.full": "570.1" },
    info: { kernelVersion: "5.15.0", osImage: "Red Hat Enterprise Linux 9.4" },
  });
  expect(await look("node-constraints", [gpuNode("a", "8", { labels })], { constraints })).toEqual([
    "passed",
    "1 GPU nodes meet what the API tells of 5 constraints",
    "a: 4 of 5 constraints can be told here, all met",
  ]);
  expect(await look("node-constraints", [gpuNode("a", "8", { labels }), old], { constraints })).toEqual([
    "failed",
    "b: OS.release.ID: expected ubuntu, got rhel (and 3 more)",
    "b: OS.release.ID: expected ubuntu, got rhel",
    "b: OS.release.VERSION_ID: expected 24.04, got 9.4",
    "b: OS.sysctl./proc/sys/kernel/osrelease: expected >= 6.8, got 5.15.0",
    "b: GPU.smi.driver: expected >= 580, got 570.1",
    "a: 4 of 5 constraints can be told here, all met",
  ]);
  expect((await look("node-constraints", [old]))[0]).toBe("skipped");
});

test("releases-installed: what the labels of workloads say is installed, against the recipe", async () => {
  const labels = (chart: string): TreeMap => ({
    labels: {
      "app.kubernetes.io/managed-by": "Helm",
      "app.kubernetes.io/instance": "gpu-operator",
      "helm.sh/chart": chart,
    },
    annotations: { "meta.helm.sh/release-name": "gpu-operator", "meta.helm.sh/release-namespace": "gpu-operator" },
  });
  const installed = (chart: string): TreeMap =>
    workload("Deployment", "gpu-operator/gpu-operator", 1, 1, labels(chart));
  const components = COMPONENTS.slice(0, 1);
  expect(await look("releases-installed", [installed("gpu-operator-v25.10.1")], { components })).toEqual([
    "passed",
    "1 releases are installed at the recipe's versions",
    "gpu-operator: gpu-operator v25.10.1",
  ]);
  expect((await look("releases-installed", [installed("gpu-operator-v24.9.0")], { components }))[1]).toBe(
    "gpu-operator: expected version v25.10.1, got v24.9.0",
  );
  expect((await look("releases-installed", [], { components }))[1]).toBe(
    "gpu-operator: there is no release of it in gpu-operator",
  );
  expect((await look("releases-installed", [], { components: [component("k", "k", { type: "Kustomize" })] }))[0]).toBe(
    "skipped",
  );
});

test("releases-installed: what may not be read is not said to be missing; what was read and is wrong is said", async () => {
  const components = [component("gpu-operator", "gpu-operator", { version: "v25.10.1" }), component("other", "other")];
  const note =
    "The charts that labels of deployments name were not read: that needs the right list on deployments.apps";
  expect(await look("releases-installed", [], { components, forbidden: ["deployments"] })).toEqual([
    "error",
    `cannot be told: whether there is a release of gpu-operator, other. ${note} in all namespaces.`,
    `${note} in all namespaces.`,
  ]);
  const old = workload("DaemonSet", "gpu-operator/gpu-operator", 1, 1, {
    labels: { "helm.sh/chart": "gpu-operator-v24.9.0", "app.kubernetes.io/instance": "gpu-operator" },
  });
  expect(await look("releases-installed", [old], { components, forbidden: ["deployments"] })).toEqual([
    "failed",
    "gpu-operator: expected version v25.10.1, got v24.9.0",
    "gpu-operator: expected version v25.10.1, got v24.9.0",
    `${note} in all namespaces.`,
    `cannot be told: whether there is a release of other. ${note} in all namespaces.`,
  ]);
});
