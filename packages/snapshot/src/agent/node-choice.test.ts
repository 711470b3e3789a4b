import { errorOf, rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { nodeFacts } from "../collect-cluster/nodes.ts";
import { gpuNode, node } from "../collect-cluster/testing/nodes.ts";
import { chooseNodes, parseNodeChoice, type NodeChoice } from "./node-choice.ts";
import { agentCluster } from "./testing/agent-cluster.ts";

test.each<[string, NodeChoice]>([
  ["all", { kind: "all" }],
  ["8", { kind: "first", count: 8 }],
  ["pool=gpu", { kind: "selector", selector: "pool=gpu" }],
  ["pool in (a, b)", { kind: "selector", selector: "pool in (a, b)" }],
  ["nvidia.com/gpu.present", { kind: "selector", selector: "nvidia.com/gpu.present" }],
  ["!spot", { kind: "selector", selector: "!spot" }],
  ["gpu-1, gpu-2,gpu-1", { kind: "names", names: ["gpu-1", "gpu-2"] }],
  ["gpu-1\ngpu-2\n", { kind: "names", names: ["gpu-1", "gpu-2"] }],
])("--nodes %j", (text, choice) => {
  expect(parseNodeChoice(text)).toEqual(choice);
});

test.each(["", "0", " , ", "99999999", "-1", "all,1", "gpu_1", "Gpu-1"])("--nodes %j names no nodes", (text) => {
  expect(errorOf(() => parseNodeChoice(text)).describe()).toBe(
    `--nodes: "${text}" names no nodes\nGive all, a number, a label selector such as pool=gpu, or names of nodes.`,
  );
});

const NODES = [
  gpuNode("gpu-10"),
  gpuNode("gpu-2"),
  { ...gpuNode("gpu-1"), status: { conditions: [{ type: "Ready", status: "Unknown" }] } },
  node("cpu-1", { labels: { pool: "cpu" } }),
];

async function chosen(choice: NodeChoice, nodes = NODES): Promise<readonly string[]> {
  const agents = await agentCluster();
  try {
    for (const object of nodes) agents.cluster.put(object);
    return (await chooseNodes(agents.deps, choice, nodes.map(nodeFacts))).map(({ name }) => name);
  } finally {
    await agents.close();
  }
}

test.each<[NodeChoice, readonly string[]]>([
  [{ kind: "all" }, ["gpu-1", "gpu-2", "gpu-10"]],
  [{ kind: "first", count: 1 }, ["gpu-2"]],
  [{ kind: "first", count: 9 }, ["gpu-2", "gpu-10"]],
  [{ kind: "selector", selector: "pool in (cpu)" }, ["cpu-1"]],
  [{ kind: "names", names: ["gpu-10", "cpu-1"] }, ["cpu-1", "gpu-10"]],
])("%j", async (choice, names) => {
  expect(await chosen(choice)).toEqual(names);
});

test.each<[NodeChoice, string]>([
  [{ kind: "names", names: ["gpu-2", "gqu-10"] }, 'there is no node gqu-10\nDid you mean "gpu-10"?'],
  [{ kind: "names", names: ["a", "b"] }, "there is no node a, b\nGPU nodes are gpu-1, gpu-2, gpu-10."],
  [{ kind: "selector", selector: "pool=gqu" }, "no node matches pool=gqu\nGPU nodes are gpu-1, gpu-2, gpu-10."],
])("%j is nowhere", async (choice, text) => {
  const error = await rejectionOf(chosen(choice));
  expect([error.code, error.describe()]).toEqual(["NOT_FOUND", text]);
});

test("a cluster without GPUs, without nodes, and one whose nodes may not be listed", async () => {
  const all = { kind: "all" } as const;
  expect((await rejectionOf(chosen(all, [node("cpu-1")]))).describe()).toBe(
    "no node of the cluster shows a GPU\nNodes are cpu-1.",
  );
  expect((await rejectionOf(chosen(all, []))).hint).toBe("The cluster has no nodes.");
  const agents = await agentCluster();
  expect((await rejectionOf(chooseNodes(agents.deps, all, undefined))).code).toBe("NOT_ALLOWED");
  await agents.close();
});

test.each([
  [NODES, "9 nodes were asked for, and the cluster has 3 with a GPU, of which 2 are ready"],
  [NODES.slice(0, 2), "9 nodes were asked for, and the cluster has 2 with a GPU"],
])("more nodes are asked for than there are", async (nodes, message) => {
  const agents = await agentCluster();
  try {
    await chooseNodes(agents.deps, { kind: "first", count: 9 }, nodes.map(nodeFacts));
    expect(agents.progress).toEqual([{ kind: "warning", message }]);
  } finally {
    await agents.close();
  }
});

test("a selector that the server does not take is told as what --nodes was given", async () => {
  const agents = await agentCluster();
  agents.cluster.fault({ reason: "BadRequest" });
  const error = await rejectionOf(chooseNodes(agents.deps, { kind: "selector", selector: "x=y=" }, []));
  await agents.close();
  expect([error.code, error.describe()]).toEqual([
    "USAGE",
    "--nodes: \"x=y=\" is no label selector\nGive one such as pool=gpu, pool!=cpu, or 'pool in (a, b)'.",
  ]);
});
