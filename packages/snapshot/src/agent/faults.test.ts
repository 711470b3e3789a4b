import { rejectionOf } from "@slipway/base/testing";
import type { Fault } from "@slipway/kube/testing";
import { afterEach, expect, test } from "vitest";
import { gpuNode } from "../collect-cluster/testing/nodes.ts";
import { runAgent } from "./run-agent.ts";
import { OPTIONS, agentCluster, type AgentCluster } from "./testing/agent-cluster.ts";

const open: AgentCluster[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (agents) => agents.close()));
});

async function faulty(...faults: readonly Fault[]): Promise<AgentCluster> {
  const agents = await agentCluster();
  open.push(agents);
  agents.cluster.put(gpuNode("gpu-1"));
  for (const fault of faults) agents.cluster.fault(fault);
  return agents;
}

const isWrite: Fault["when"] = ({ method, path }) => method !== "GET" && !path.includes("selfsubjectaccessreviews");

test.each<[string, Fault]>([
  ["is slow", { delayMs: 30 }],
  ["asks for patience", { reason: "TooManyRequests", times: 3 }],
  ["cuts writes before they are done", { when: isWrite, cutAfter: 0, times: 2 }],
  ["cuts answers to writes that it has done", { when: isWrite, cutAfter: 20, times: 2 }],
  ["cuts answers to removals", { when: ({ method }) => method === "DELETE", cutAfter: 5, times: 3 }],
  ["cuts access reviews", { when: ({ path }) => path.includes("reviews"), cutAfter: 0, times: 2 }],
])("a server that %s does not stop a run, and nothing is left", async (_what, fault) => {
  const agents = await faulty(fault);
  expect((await runAgent(agents.deps, OPTIONS)).runId).toBe("1a2b3c4d");
  expect(agents.left()).toEqual([]);
});

test("a server that never makes the Job ends the run, and nothing is left", async () => {
  const agents = await faulty({ when: ({ method, path }) => method === "POST" && path.endsWith("/jobs"), cutAfter: 0 });
  expect((await rejectionOf(runAgent(agents.deps, OPTIONS))).code).toBe("UNAVAILABLE");
  expect(agents.left()).toEqual([]);
});

test("an object that is refused ends the run with the server's own sentence, and nothing is left", async () => {
  const agents = await faulty({
    when: ({ method, path }) => method === "POST" && path.endsWith("/roles"),
    reason: "Forbidden",
  });
  expect((await rejectionOf(runAgent(agents.deps, OPTIONS))).code).toBe("NOT_ALLOWED");
  expect(agents.left()).toEqual([]);
});
