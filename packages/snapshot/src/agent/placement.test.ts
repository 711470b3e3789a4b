import { expect, test } from "vitest";
import { nodeFacts } from "../collect-cluster/nodes.ts";
import { gpuNode, node } from "../collect-cluster/testing/nodes.ts";
import { gpuPlacement, placementFields, systemOf } from "./placement.ts";

const PCI = "feature.node.kubernetes.io/pci-0302_10de.present";

test.each([
  [
    "labels of GPU feature discovery",
    [node("cpu"), gpuNode("a")],
    { kind: "labels", labels: { "nvidia.com/gpu.present": "true" } },
  ],
  [
    "labels of the PCI bus",
    [node("cpu"), node("a", { labels: { [PCI]: "true" } })],
    { kind: "one of labels", keys: [PCI] },
  ],
  [
    "a device plugin alone",
    [
      node("c", { allocatable: { "nvidia.com/gpu": "1" } }),
      node("b", { allocatable: { "nvidia.com/gpu": "1" } }),
      node("a", { allocatable: { "nvidia.com/gpu": "1" }, conditions: [{ type: "Ready", status: "False" }] }),
    ],
    { kind: "nodes", names: ["b", "c"] },
  ],
  [
    "a device plugin on a node that is not ready",
    [node("a", { allocatable: { "nvidia.com/gpu": "1" }, conditions: [] })],
    { kind: "nodes", names: ["a"] },
  ],
  ["nothing", [node("cpu")], { kind: "any" }],
])("GPU nodes are found by %s", (_what, nodes, placement) => {
  expect(gpuPlacement(nodes.map(nodeFacts))).toEqual(placement);
});

test("what brings a pod to a node", () => {
  expect(placementFields({ kind: "any" })).toEqual({});
  expect(placementFields({ kind: "labels", labels: { a: "b" } })).toEqual({ nodeSelector: { a: "b" } });
  const required = (nodeSelectorTerms: readonly unknown[]) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  });
  expect(placementFields({ kind: "one of labels", keys: [PCI] })).toEqual(
    required([{ matchExpressions: [{ key: PCI, operator: "In", values: ["true"] }] }]),
  );
  expect(placementFields({ kind: "nodes", names: ["a", "b"] })).toEqual(
    required(["a", "b"].map((name) => ({ matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] }))),
  );
});

test.each([
  ["any node", { kind: "any" }, "talos"],
  ["a Talos node by its label", { kind: "labels", labels: { os: "talos" } }, "talos"],
  ["a Talos node by its name", { kind: "nodes", names: ["t"] }, "talos"],
  ["another node by its label", { kind: "one of labels", keys: ["ubuntu"] }, undefined],
  ["another node by its name", { kind: "nodes", names: ["u"] }, undefined],
] as const)("on %s, the system is known", (_what, placement, system) => {
  const nodes = [
    node("t", { labels: { os: "talos" }, nodeInfo: { osImage: "Talos (v1.11.2)" } }),
    node("u", { labels: { ubuntu: "true" }, nodeInfo: { osImage: "Ubuntu 24.04.2 LTS" } }),
  ].map(nodeFacts);
  expect(systemOf(nodes, placement)).toBe(system);
  expect(systemOf(undefined, placement)).toBeUndefined();
});
