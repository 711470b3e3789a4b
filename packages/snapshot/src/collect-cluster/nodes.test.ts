import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { chooseNode } from "./choose-node.ts";
import { gpuEvidence, nodeFacts, nodeReadings, providerOf } from "./nodes.ts";
import { nodeServiceSubtypes } from "./services.ts";
import { gpuNode, node } from "./testing/nodes.ts";

test("the readings of a node of EKS", () => {
  const facts = nodeFacts(
    node("ip-10-0-0-7", {
      providerID: "aws:///eu-central-1a/i-0f3",
      nodeInfo: {
        containerRuntimeVersion: "containerd://1.7.27",
        kubeletVersion: "v1.33.5-eks-113cf36",
        kernelVersion: "6.8.0-1029-aws",
        operatingSystem: "linux",
        osImage: "Ubuntu 24.04.3 LTS",
      },
    }),
  );
  expect(Object.fromEntries(nodeReadings(facts))).toEqual({
    "source-node": "ip-10-0-0-7",
    provider: "eks",
    "provider-id": "aws:///eu-central-1a/i-0f3",
    "container-runtime-id": "containerd://1.7.27",
    "container-runtime-name": "containerd",
    "container-runtime-version": "1.7.27",
    "kubelet-version": "v1.33.5-eks-113cf36",
    "kernel-version": "6.8.0-1029-aws",
    "operating-system": "linux",
    "os-image": "Ubuntu 24.04.3 LTS",
  });
});

test("what a node does not say is left out", () => {
  const facts = nodeFacts({ apiVersion: "v1", kind: "Node", metadata: { name: "bare" } });
  expect(Object.fromEntries(nodeReadings(facts))).toEqual({ "source-node": "bare" });
});

test.each([
  ["aws:///eu-central-1a/i-0f3", "eks"],
  ["gce://project/zone/name", "gke"],
  ["azure:///subscriptions/1", "aks"],
  ["oci://ocid1.instance", "oke"],
  ["ocid1.instance.oc1.phx.abc", "oke"],
  ["kind://docker/kind/kind-control-plane", "kind"],
  ["openstack:///7", "openstack"],
  ["", ""],
  ["nothing of the sort", ""],
])("the provider of %j is %j", (id, provider) => {
  expect(providerOf(id)).toBe(provider);
});

test.each([
  ["label", gpuNode("a"), "gpu-label"],
  ["PCI class", node("a", { labels: { "feature.node.kubernetes.io/pci-0302_10de.present": "true" } }), "pci-label"],
  ["PCI vendor", node("a", { labels: { "feature.node.kubernetes.io/pci-10de.present": "true" } }), "pci-label"],
  ["device plugin", node("a", { allocatable: { cpu: "8", "nvidia.com/gpu": "4" } }), "allocatable"],
  ["MIG devices", node("a", { allocatable: { "nvidia.com/mig-1g.10gb": "7" } }), "allocatable"],
  ["a device plugin without devices", node("a", { allocatable: { "nvidia.com/gpu": "0" } }), undefined],
  [
    "a switch of NVIDIA's",
    node("a", { labels: { "feature.node.kubernetes.io/pci-0200_15b3.present": "true" } }),
    undefined,
  ],
  ["a label that says no", node("a", { labels: { "nvidia.com/gpu.present": "false" } }), undefined],
  ["nothing", node("a"), undefined],
])("%s as a sign of a GPU", (_what, object, evidence) => {
  expect(gpuEvidence(nodeFacts(object))).toBe(evidence);
});

const NODES = [node("cpu-1"), gpuNode("gpu-10"), gpuNode("gpu-9"), node("gpu-8")].map(nodeFacts);

test.each([
  [{ named: "cpu-1", host: "gpu-9" }, "cpu-1", "named"],
  [{ host: "gpu-10" }, "gpu-10", "host"],
  [{ host: "laptop" }, "gpu-9", "first GPU node"],
  [{}, "gpu-9", "first GPU node"],
])("of the nodes, %j means %s", (wanted, name, reason) => {
  const chosen = chooseNode(NODES, wanted);
  expect([chosen?.node.name, chosen?.reason]).toEqual([name, reason]);
});

test("without GPUs the first node by name is measured, and without nodes none", () => {
  expect(chooseNode([node("b"), node("a")].map(nodeFacts), {})).toMatchObject({
    node: { name: "a" },
    reason: "first node",
  });
  expect(chooseNode([], { host: "laptop" })).toBeUndefined();
});

test("a node that is named and not there is an error that names what there is", () => {
  const near = errorOf(() => chooseNode(NODES, { named: "gpu-1O" }));
  expect([near.code, near.describe()]).toEqual(["NOT_FOUND", 'there is no node "gpu-1O"\nDid you mean "gpu-10"?']);
  const far = errorOf(() =>
    chooseNode([...NODES, ...["x1", "x2"].map((name) => nodeFacts(node(name)))], { named: "worker" }),
  );
  expect(far.hint).toBe("There are cpu-1, gpu-8, gpu-9, gpu-10, x1 and 1 more.");
  expect(errorOf(() => chooseNode([], { named: "a" })).hint).toBe("The cluster has no nodes.");
});

test("a node without systemd has the services that the cluster knows of", () => {
  const nodeInfo = { containerRuntimeVersion: "containerd://2.1.4", kubeletVersion: "v1.34.1" };
  const facts = nodeFacts(node("talos-1", { nodeInfo, conditions: [{ type: "Ready", status: "True" }] }));
  const context = new Map([["source", "Node talos-1"]]);
  const active = (version: string) =>
    new Map([
      ["ActiveState", "active"],
      ["Version", version],
    ]);
  expect(nodeServiceSubtypes(facts)).toEqual([
    { name: "kubelet.service", data: active("v1.34.1"), context },
    { name: "containerd.service", data: active("2.1.4"), context },
  ]);
  const lost = nodeFacts(node("talos-1", { nodeInfo, conditions: [{ type: "Ready", status: "Unknown" }] }));
  expect(nodeServiceSubtypes(lost).map(({ data }) => data.get("ActiveState"))).toEqual(["inactive", "inactive"]);
  expect(nodeServiceSubtypes(nodeFacts(node("bare", { nodeInfo: {} })))).toEqual([]);
});
