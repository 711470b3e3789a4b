import { textAt } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { afterEach, expect, test } from "vitest";
import { gpuNode } from "../collect-cluster/testing/nodes.ts";
import { runFleet, type RunFleetOptions } from "./run-fleet.ts";
import {
  OPTIONS,
  SNAPSHOT,
  agentCluster,
  jobEvent,
  type AgentCluster,
  type Behaviour,
} from "./testing/agent-cluster.ts";

const open: AgentCluster[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (agents) => agents.close()));
});

async function started(behaviour: Behaviour = {}, count = 3): Promise<AgentCluster> {
  const agents = await agentCluster(behaviour);
  open.push(agents);
  for (let index = 1; index <= count; index++) agents.cluster.put(gpuNode(`gpu-${index}`));
  return agents;
}

function run({ deps }: AgentCluster, options: Partial<RunFleetOptions> = {}) {
  return runFleet(deps, { ...OPTIONS, nodes: { kind: "all" }, ...options });
}

const nodeOf = (job: Parameters<NonNullable<Behaviour["play"]>>[0]): string =>
  textAt(job, "metadata", "name").replace("aicr-1a2b3c4d-", "");

test("each GPU node is measured by a Job of its own, with one set of rights, and nothing stays", async () => {
  const jobs: unknown[] = [];
  const agents = await started({
    play: (job) => {
      jobs.push(job["spec"]);
      return { snapshot: SNAPSHOT.replace("gpu-1", nodeOf(job)), log: `${nodeOf(job)} here\n` };
    },
  });
  const result = await run(agents);
  expect(result.failures).toEqual([]);
  expect(result.snapshots.map(({ node, snapshot }) => [node, snapshot.metadata.sourceNode])).toEqual([
    ["gpu-1", "gpu-1"],
    ["gpu-2", "gpu-2"],
    ["gpu-3", "gpu-3"],
  ]);
  expect(agents.left()).toEqual([]);
  expect(agents.log.toSorted()).toEqual(["gpu-1: gpu-1 here", "gpu-2: gpu-2 here", "gpu-3: gpu-3 here"]);
  const made = agents.cluster.writes.filter(({ verb }) => verb === "create").map(({ kind }) => kind);
  expect(made.filter((kind) => /Role|Account/.test(kind))).toHaveLength(5);
  const pinned = (name: string) => ({ matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] });
  expect(jobs[0]).toMatchObject({
    template: {
      spec: {
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [pinned("gpu-1")] } },
        },
      },
    },
  });
});

test("the agent's rights name the ConfigMaps of all nodes, and no other", async () => {
  const agents = await started();
  await run(agents, { cleanup: false });
  expect(agents.cluster.objects("Role", "gpu")).toMatchObject([
    {
      rules: [
        {
          resources: ["configmaps"],
          verbs: ["get", "patch"],
          resourceNames: ["gpu-1", "gpu-2", "gpu-3"].map((name) => `aicr-snapshot-1a2b3c4d-${name}`),
        },
      ],
    },
  ]);
});

test("no more nodes are measured at a time than there are workers", async () => {
  let running = 0;
  let most = 0;
  const agents = await started(
    {
      play: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running--;
        return {};
      },
    },
    5,
  );
  expect((await run(agents, { workers: 2 })).snapshots).toHaveLength(5);
  expect(most).toBe(2);
});

test("nodes that fail are told with their reason, and the others go on", async () => {
  const agents = await started({
    play: (job) => (nodeOf(job) === "gpu-1" ? { exitCode: 6 } : {}),
  });
  agents.cluster.put({ ...gpuNode("gpu-2"), status: { conditions: [{ type: "Ready", status: "False" }] } });
  const { snapshots, failures } = await run(agents);
  expect(snapshots.map(({ node }) => node)).toEqual(["gpu-3"]);
  expect(failures.map(({ node, error }) => [node, error.code, error.message])).toEqual([
    ["gpu-1", "UNAVAILABLE", "the agent ended with exit status 6"],
    ["gpu-2", "UNAVAILABLE", "the node is not ready"],
  ]);
  expect(agents.progress.filter(({ kind }) => kind === "warning")).toEqual([
    { kind: "warning", message: "not measured: the node is not ready", node: "gpu-2" },
    { kind: "warning", message: "not measured: the agent ended with exit status 6", node: "gpu-1" },
  ]);
  expect(agents.left()).toEqual([]);
});

test("a node without a GPU is a warning, and a failure when one is required", async () => {
  const play = () => ({ snapshot: "kind: Snapshot\nmeasurements: []\n" });
  const tolerant = await started({ play }, 1);
  expect((await run(tolerant)).snapshots).toHaveLength(1);
  expect(tolerant.progress.find(({ kind }) => kind === "warning")).toEqual({
    kind: "warning",
    message: "the snapshot has no GPU data",
    node: "gpu-1",
  });
  const strict = await started({ play }, 1);
  const { failures } = await run(strict, { requireGpu: true });
  expect(failures.map(({ error }) => error.message)).toEqual(["the node shows no GPU, and one is required"]);
});

test("what every pod would meet ends the run", async () => {
  const agents = await started({ idle: true });
  agents.cluster.onCreate("Job", (job) => {
    agents.cluster.put(jobEvent(job, 'forbidden: violates PodSecurity "restricted:latest"'));
  });
  const error = await rejectionOf(run(agents, { workers: 3 }));
  expect([error.code, error.message]).toEqual([
    "NOT_ALLOWED",
    'the pod is refused: forbidden: violates PodSecurity "restricted:latest"',
  ]);
  expect(agents.left()).toEqual([]);
});

test("no workers, and names that are none, are refused before anything is made", async () => {
  const agents = await started();
  expect((await rejectionOf(run(agents, { workers: 0 }))).message).toBe("0 workers measure nothing");
  const error = await rejectionOf(run(agents, { nodes: { kind: "names", names: ["gpu-4"] } }));
  expect(error.describe()).toBe('there is no node gpu-4\nDid you mean "gpu-1"?');
  expect(agents.cluster.writes).toEqual([]);
});
