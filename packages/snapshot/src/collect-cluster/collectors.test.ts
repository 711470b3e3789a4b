import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { RESOURCES } from "@slipway/kube";
import { clientOf, startCluster, type Cluster } from "@slipway/kube/testing";
import { afterEach, expect, test } from "vitest";
import type { Collector } from "../collector.ts";
import { clusterGpuCollector, clusterServicesCollector, k8sCollector, topologyCollector } from "./collectors.ts";
import { clusterReader } from "./reader.ts";
import { helmSecret } from "./testing/helm.ts";
import { gpuNode, node } from "./testing/nodes.ts";

const clusters: Cluster[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map(async (cluster) => cluster.close()));
});

async function gpuCluster() {
  const cluster = await startCluster({ resources: [RESOURCES.clusterPolicies, RESOURCES.resourceSlices] });
  clusters.push(cluster);
  const policy = { apiVersion: "nvidia.com/v1", kind: "ClusterPolicy", metadata: { name: "cluster-policy" } };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default" } };
  const chart = { name: "gpu-operator", version: "v25.3.3" };
  for (const object of [
    node("cpu-1", { nodeInfo: { kubeletVersion: "v1.34.1" } }),
    gpuNode("gpu-1"),
    { ...pod, spec: { containers: [{ image: "nvcr.io/nvidia/gpu-operator:v25.3.3" }] } },
    { ...policy, spec: { driver: { enabled: true } } },
    helmSecret({ namespace: "default", name: "gpu-operator", revision: 1, status: "deployed", chart }),
  ]) {
    cluster.put(object);
  }
  return cluster;
}

function readerOf(cluster: Cluster) {
  return clusterReader(async () => clientOf(cluster));
}

async function collected(collector: Collector) {
  const { subtypes, notes } = await collector.collect(new AbortController().signal);
  return { subtypes: Object.fromEntries(subtypes.map(({ name, data }) => [name, Object.fromEntries(data)])), notes };
}

test("everything of a cluster, each list read once", async () => {
  const cluster = await gpuCluster();
  const reader = readerOf(cluster);
  const [k8s, topology, gpu, services] = await Promise.all([
    collected(k8sCollector(reader)),
    collected(topologyCollector(reader, { maxNodesPerEntry: 1 })),
    collected(clusterGpuCollector(reader)),
    collected(clusterServicesCollector(reader, { nodeName: "cpu-1" })),
  ]);
  expect(k8s).toEqual({
    notes: [],
    subtypes: {
      server: { version: expect.stringMatching(/^v1\./), platform: "linux/amd64" },
      image: { "gpu-operator": "v25.3.3" },
      policy: { "driver.enabled": "true" },
      node: { "source-node": "gpu-1" },
      helm: {
        "default/gpu-operator.chart": "gpu-operator",
        "default/gpu-operator.revision": 1,
        "default/gpu-operator.status": "deployed",
        "default/gpu-operator.version": "v25.3.3",
      },
    },
  });
  expect(topology.subtypes["summary"]).toEqual({ "node-count": 2, "taint-count": 0, "label-count": 4 });
  expect(gpu.subtypes["device"]).toMatchObject({ model: "NVIDIA-H100-80GB-HBM3", "gpu-count": 8 });
  expect(gpu.subtypes["cluster"]).toMatchObject({ "node-count": 1, "allocatable-count": 8 });
  expect(services.subtypes).toEqual({ "kubelet.service": { ActiveState: "active", Version: "v1.34.1" } });
  const paths = cluster.requests.map(({ path }) => path);
  expect(paths.toSorted()).toEqual([...new Set(paths)].sort());
});

test("the version of a server", async () => {
  const version = { major: "1", gitVersion: "v1.33.5-eks-113cf36", goVersion: "go1.24.6", platform: "linux/amd64" };
  const refuse = () => Promise.reject(new SlipwayError("UNAVAILABLE", "not in this test"));
  const client = { read: () => Promise.resolve(version), list: refuse, get: refuse };
  expect(await clusterReader(() => Promise.resolve(client)).server(new AbortController().signal)).toEqual({
    version: "v1.33.5-eks-113cf36",
    platform: "linux/amd64",
    goVersion: "go1.24.6",
  });
});

test("what a subtype came from stands in its context", async () => {
  const { subtypes } = await k8sCollector(readerOf(await gpuCluster())).collect(new AbortController().signal);
  expect(subtypes.map(({ name, context }) => [name, context && Object.fromEntries(context)])).toEqual([
    ["server", undefined],
    ["image", undefined],
    ["policy", { source: "ClusterPolicy cluster-policy" }],
    ["node", { "chosen-as": "first GPU node" }],
    ["helm", { source: "secrets" }],
  ]);
});

test("a node that is named is asked for alone", async () => {
  const cluster = await gpuCluster();
  const { subtypes } = await collected(k8sCollector(readerOf(cluster), { nodeName: "cpu-1" }));
  expect(subtypes["node"]).toEqual({ "source-node": "cpu-1", "kubelet-version": "v1.34.1" });
  expect(cluster.requests.some(({ path }) => path === "/api/v1/nodes")).toBe(false);
});

test("a cluster without the kinds of NVIDIA and of DRA lacks nothing", async () => {
  const cluster = await startCluster();
  clusters.push(cluster);
  cluster.put(gpuNode("gpu-1"));
  const reader = readerOf(cluster);
  expect(await collected(k8sCollector(reader))).toMatchObject({ notes: [], subtypes: { policy: {} } });
  expect((await collected(clusterGpuCollector(reader))).subtypes["device"]).toMatchObject({ "gpu-count": 8 });
});

test("what is forbidden is empty and told with the right that lacks; the rest is there", async () => {
  const cluster = await gpuCluster();
  cluster.allow(({ resource }) => resource === "nodes");
  const reader = readerOf(cluster);
  const { subtypes, notes } = await collected(k8sCollector(reader));
  expect(subtypes).toMatchObject({ image: {}, policy: {}, node: { "source-node": "gpu-1" }, helm: {} });
  expect(notes.slice(0, 2)).toEqual([
    "The images of pods could not be read: that needs the right list on pods in all namespaces.",
    "The policy of the GPU operator could not be read: that needs the right list on clusterpolicies.nvidia.com.",
  ]);
  expect(notes).toHaveLength(6);
  cluster.allow(() => false);
  expect(await collected(topologyCollector(readerOf(cluster)))).toEqual({
    subtypes: { summary: {}, taint: {}, label: {} },
    notes: ["The taints and labels of nodes could not be read: that needs the right list on nodes."],
  });
});

test("one part that fails is told, and a collector whose every part fails has failed", async () => {
  const cluster = await gpuCluster();
  cluster.fault({ when: ({ path }) => path === "/api/v1/nodes", reason: "Invalid" });
  const reader = readerOf(cluster);
  const { subtypes, notes } = await collected(k8sCollector(reader));
  expect([subtypes["node"], subtypes["image"]]).toEqual([{}, { "gpu-operator": "v25.3.3" }]);
  expect(notes).toEqual([expect.stringMatching(/^The node could not be read: /)]);
  expect((await rejectionOf(topologyCollector(reader).collect(new AbortController().signal))).code).toBe(
    "INVALID_INPUT",
  );
});

test("without a cluster there is a note and nothing else", async () => {
  const missing = new SlipwayError("NOT_FOUND", "there is no kubeconfig", { hint: "Name one with --kubeconfig." });
  const reader = clusterReader(() => Promise.reject(missing));
  const notes = ["Nothing was read from a cluster: there is no kubeconfig. Name one with --kubeconfig."];
  const empty = { server: {}, image: {}, policy: {}, node: {}, helm: {} };
  expect(await collected(k8sCollector(reader))).toEqual({ notes, subtypes: empty });
  expect(await collected(topologyCollector(reader))).toEqual({
    notes,
    subtypes: { summary: {}, taint: {}, label: {} },
  });
  expect(await collected(clusterGpuCollector(reader))).toEqual({ notes, subtypes: {} });
});

test("a cluster that does not answer is none", async () => {
  const cluster = await gpuCluster();
  await cluster.stop();
  const { notes } = await collected(topologyCollector(readerOf(cluster)));
  expect(notes).toEqual([expect.stringMatching(/^Nothing was read from a cluster: .*127\.0\.0\.1/)]);
});

test("a node that is named and not there is a note of the collectors that need it", async () => {
  const cluster = await gpuCluster();
  const { notes } = await collected(k8sCollector(readerOf(cluster), { nodeName: "gpu-l" }));
  expect(notes).toEqual([expect.stringContaining("The node could not be read: ")]);
});

test("a collector stops at its signal, and a list that others wait for goes on", async () => {
  const cluster = await gpuCluster();
  cluster.fault({ when: ({ path }) => path === "/api/v1/nodes", delayMs: 200 });
  const reader = readerOf(cluster);
  const stop = new AbortController();
  const stopped = topologyCollector(reader).collect(stop.signal);
  const other = collected(clusterGpuCollector(reader));
  setTimeout(() => stop.abort(new SlipwayError("TIMED_OUT", "too late")), 50);
  expect((await rejectionOf(stopped)).message).toBe("too late");
  expect((await other).subtypes["cluster"]).toMatchObject({ "node-count": 1 });
});
