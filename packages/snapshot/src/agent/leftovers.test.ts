import { textAt } from "@slipway/base";
import { afterEach, expect, test } from "vitest";
import { gpuNode } from "../collect-cluster/testing/nodes.ts";
import { AGENT_LABELS, EXPIRES, RUN_LABEL } from "./names.ts";
import { runAgent } from "./run-agent.ts";
import { OPTIONS, agentCluster, type AgentCluster } from "./testing/agent-cluster.ts";

const open: AgentCluster[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (agents) => agents.close()));
});

const MINUTE = 60_000;

/** A cluster with the ClusterRole of a run that should have ended so many minutes ago, and what that owns. */
async function withDeadRun(minutesAgo: number): Promise<AgentCluster> {
  const agents = await agentCluster();
  open.push(agents);
  agents.cluster.put(gpuNode("gpu-1"));
  const metadata = {
    labels: { ...AGENT_LABELS, [RUN_LABEL]: "0ld" },
    annotations: { [EXPIRES]: new Date(Date.now() - minutesAgo * MINUTE).toISOString() },
  };
  const group = "rbac.authorization.k8s.io/v1";
  const role = agents.cluster.put({
    apiVersion: group,
    kind: "ClusterRole",
    metadata: { name: "aicr-node-reader-0ld", ...metadata },
  });
  const uid = textAt(role, "metadata", "uid");
  const ownerReferences = [{ apiVersion: group, kind: "ClusterRole", name: "aicr-node-reader-0ld", uid }];
  const owned = { name: "aicr-0ld", namespace: "gpu", ...metadata, ownerReferences };
  agents.cluster.put({ apiVersion: "v1", kind: "ServiceAccount", metadata: owned });
  return agents;
}

test("what a killed run left behind long ago is removed by the next one, and told", async () => {
  const agents = await withDeadRun(11);
  await runAgent(agents.deps, OPTIONS);
  expect(agents.left()).toEqual([]);
  expect(agents.progress[0]).toEqual({
    kind: "step",
    message: "removed what a run that was killed left behind: ClusterRole aicr-node-reader-0ld and what belongs to it",
  });
});

test("a run that may still be at work is left alone", async () => {
  const agents = await withDeadRun(9);
  await runAgent(agents.deps, OPTIONS);
  expect(agents.left()).toEqual(["ClusterRole aicr-node-reader-0ld", "ServiceAccount aicr-0ld"]);
});

test("a ConfigMap that owns a run is removed too, and one without a time is not ours", async () => {
  const agents = await withDeadRun(9);
  const annotations = { [EXPIRES]: "2020-01-01T00:00:00Z" };
  const labels = { ...AGENT_LABELS, "app.kubernetes.io/component": "Snapshot", [RUN_LABEL]: "0ld" };
  const metadata = { namespace: "gpu", labels };
  agents.cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, name: "aicr-a", annotations } });
  agents.cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, name: "aicr-b" } });
  await runAgent(agents.deps, OPTIONS);
  expect(agents.left().filter((text) => text.startsWith("ConfigMap"))).toEqual(["ConfigMap aicr-b"]);
});

test("leftovers that may not be removed are told with the command, and do not stop the run", async () => {
  const agents = await withDeadRun(60);
  agents.cluster.fault({
    when: ({ method, path }) => method === "DELETE" && path.endsWith("-0ld"),
    reason: "Forbidden",
  });
  await runAgent(agents.deps, OPTIONS);
  expect(agents.progress[0]).toEqual({
    kind: "warning",
    message:
      "a run that was killed left ClusterRole aicr-node-reader-0ld behind; remove it with: " +
      "kubectl delete --ignore-not-found clusterroles.rbac.authorization.k8s.io/aicr-node-reader-0ld",
  });
});

test("leftovers that may not be looked for do not stop the run", async () => {
  const agents = await withDeadRun(60);
  agents.cluster.allow(({ verb, resource }) => verb !== "list" || !/clusterroles|configmaps/.test(resource));
  await runAgent(agents.deps, OPTIONS);
  expect(agents.progress.filter(({ kind }) => kind === "warning")).toEqual([]);
});
