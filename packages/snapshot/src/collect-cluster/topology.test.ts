import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeFacts } from "./nodes.ts";
import { node, type NodeParts } from "./testing/nodes.ts";
import { topologySubtypes } from "./topology.ts";

function topology(nodes: Readonly<Record<string, NodeParts>>, maxNodes?: number) {
  const facts = Object.entries(nodes).map(([name, parts]) => nodeFacts(node(name, parts)));
  const subtypes = topologySubtypes(facts, maxNodes);
  return Object.fromEntries(subtypes.map(({ name, data }) => [name, Object.fromEntries(data)]));
}

const gpu = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

test("taints and labels with the nodes that have them", () => {
  const found = topology({
    b: { taints: [gpu], labels: { pool: "gpu", zone: "1" } },
    a: { taints: [gpu, { key: "dedicated", effect: "NoExecute" }], labels: { pool: "gpu", zone: "2" } },
    c: {},
  });
  expect(found).toEqual({
    summary: { "node-count": 3, "taint-count": 2, "label-count": 3 },
    taint: { dedicated: "NoExecute||a", "nvidia.com/gpu": "NoSchedule|present|a,b" },
    label: { pool: "gpu|a,b", "zone.1": "1|b", "zone.2": "2|a" },
  });
});

test("a key with several taints stands for each of them with its effect, and with its value where that is needed", () => {
  const { taint } = topology({
    a: { taints: [gpu, { ...gpu, effect: "NoExecute" }] },
    b: { taints: [{ ...gpu, value: "other" }] },
  });
  expect(taint).toEqual({
    "nvidia.com/gpu.NoExecute": "present|a",
    "nvidia.com/gpu.NoSchedule": "other|b",
    "nvidia.com/gpu=NoSchedule": "present|a",
  });
});

test("a label that is named like a value of another one keeps its name", () => {
  const { label } = topology({ a: { labels: { gpu: "x", "gpu.x": "1" } }, b: { labels: { gpu: "y" } } });
  expect(label).toEqual({ "gpu.x": "1|a", "gpu=x": "x|a", "gpu.y": "y|b" });
});

test("more nodes than an entry may hold are counted", () => {
  const nodes = Object.fromEntries(["n1", "n2", "n3", "n10"].map((name) => [name, { labels: { pool: "gpu" } }]));
  expect(topology(nodes, 2)["label"]).toEqual({ pool: "gpu|n1,n10 (+2 more)" });
  expect(topology(nodes, 4)["label"]).toEqual({ pool: "gpu|n1,n10,n2,n3" });
  expect(topology(nodes, 0)["label"]).toEqual({ pool: "gpu|n1,n10,n2,n3" });
});

test("a cluster without nodes has a topology too", () => {
  expect(topology({})).toEqual({
    summary: { "node-count": 0, "taint-count": 0, "label-count": 0 },
    taint: {},
    label: {},
  });
});

const anyParts: fc.Arbitrary<NodeParts> = fc.record({
  labels: fc.dictionary(fc.constantFrom("a", "a.x", "a.x.y", "b"), fc.constantFrom("", "x", "y", "x.y")),
  taints: fc.array(
    fc.record({
      key: fc.constantFrom("t", "t.NoSchedule"),
      value: fc.constantFrom("", "v"),
      effect: fc.constantFrom("NoSchedule", "NoExecute"),
    }),
    { maxLength: 3 },
  ),
});

test("nothing is lost, and the order of the nodes does not matter", () => {
  fc.assert(
    fc.property(fc.array(anyParts, { maxLength: 5 }), (parts) => {
      const facts = parts.map((part, index) => nodeFacts(node(`n${index}`, part)));
      const subtypes = topologySubtypes(facts);
      const [summary, taint, label] = subtypes;
      expect([summary?.data.get("taint-count"), summary?.data.get("label-count")]).toEqual([
        taint?.data.size,
        label?.data.size,
      ]);
      expect(topologySubtypes(facts.toReversed())).toEqual(subtypes);
    }),
  );
});
