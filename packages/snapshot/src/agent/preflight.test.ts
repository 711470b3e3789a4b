import { rejectionOf } from "@slipway/base/testing";
import { afterEach, expect, test } from "vitest";
import { gpuNode, node } from "../collect-cluster/testing/nodes.ts";
import { runAgent, type RunAgentOptions } from "./run-agent.ts";
import { OPTIONS, agentCluster, type AgentCluster } from "./testing/agent-cluster.ts";

const open: AgentCluster[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (agents) => agents.close()));
});

async function started(): Promise<AgentCluster> {
  const agents = await agentCluster();
  open.push(agents);
  agents.cluster.put(gpuNode("gpu-1"));
  return agents;
}

function run({ deps }: AgentCluster, options: Partial<RunAgentOptions> = {}) {
  return runAgent(deps, { ...OPTIONS, ...options });
}

function warnings({ progress }: AgentCluster): readonly string[] {
  return progress.filter(({ kind }) => kind === "warning").map(({ message }) => message);
}

test("rights are reviewed with their API groups, and whoever has them is let through", async () => {
  const agents = await started();
  await run(agents);
  const reviewed = agents.cluster.requests
    .filter(({ path }) => path.endsWith("selfsubjectaccessreviews"))
    .map(({ body }) => JSON.parse(body).spec.resourceAttributes);
  expect(reviewed).toHaveLength(27);
  expect(reviewed).toContainEqual({ namespace: "gpu", verb: "create", group: "batch", resource: "jobs" });
  expect(reviewed).toContainEqual({ verb: "list", group: "nvidia.com", resource: "clusterpolicies" });
  expect(reviewed).toContainEqual({ namespace: "gpu", verb: "get", group: "", resource: "pods", subresource: "log" });
  const authorization = "rbac.authorization.k8s.io";
  expect(reviewed).toContainEqual({ namespace: "gpu", verb: "create", group: authorization, resource: "roles" });
});

test("the rights that lack are named at once, with what grants them, and nothing is made", async () => {
  const agents = await started();
  agents.cluster.allow(
    ({ verb, group, resource }) =>
      !(resource === "jobs" || (verb === "create" && group === "rbac.authorization.k8s.io")),
  );
  const error = await rejectionOf(run(agents));
  expect([error.code, error.describe()]).toEqual([
    "NOT_ALLOWED",
    `the agent cannot be started, because you may not: create jobs.batch in the namespace gpu; get jobs.batch in the \
namespace gpu; delete jobs.batch in the namespace gpu; create roles.rbac.authorization.k8s.io in the namespace gpu; create \
rolebindings.rbac.authorization.k8s.io in the namespace gpu; and 2 more
An administrator grants all that is needed with aicr snapshot --print-rbac -n gpu | kubectl apply -f - and binds it to you \
with the commands in its comments. With --service-account-name less is needed.`,
  ]);
  expect(agents.cluster.writes).toEqual([]);
});

test("with a service account of the user fewer rights are needed", async () => {
  const agents = await started();
  agents.cluster.put({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "snapshots", namespace: "gpu" } });
  agents.cluster.allow(({ resource, group }) => group !== "rbac.authorization.k8s.io" && resource !== "nodes");
  await run(agents, { serviceAccountName: "snapshots" });
  expect(warnings(agents)).toEqual([
    "nodes may not be listed, so GPU nodes could not be found; name them with --node-selector",
  ]);
});

test.each([
  [
    { runtimeClass: "nvidia" },
    'there is no runtime class "nvidia"\nkubectl get runtimeclasses shows those that there are; the GPU operator makes ' +
      "one named nvidia.",
  ],
  [
    { serviceAccountName: "snapshots" },
    'there is no service account "snapshots" in the namespace gpu\nLeave --service-account-name out to have one made ' +
      "for the run, or make it with what --print-rbac prints.",
  ],
  [{ nodeSelector: { pool: "gpu" } }, "no node has the labels pool=gpu\nGPU nodes are gpu-1."],
  [
    { nodeSelector: { "kubernetes.io/hostname": "gpu-l" } },
    "no node has the labels kubernetes.io/hostname=gpu-l\nNodes have kubernetes.io/hostname with the values gpu-1.",
  ],
])("what is named and not there is an error before anything is made: %j", async (options, text) => {
  const agents = await started();
  const error = await rejectionOf(run(agents, options));
  expect([error.code, error.describe()]).toEqual(["NOT_FOUND", text]);
  expect(agents.cluster.writes).toEqual([]);
});

test("a namespace that is not there and may not be made", async () => {
  const agents = await started();
  agents.cluster.allow(({ resource }) => resource !== "namespaces");
  // Who may not look at the namespace learns it from the server.
  expect((await rejectionOf(run(agents, { namespace: "other" }))).code).toBe("NOT_FOUND");
  agents.cluster.allow(({ resource, verb }) => resource !== "namespaces" || verb !== "create");
  const error = await rejectionOf(run(agents, { namespace: "other" }));
  expect([error.code, error.describe()]).toEqual([
    "NOT_ALLOWED",
    'there is no namespace "other", and you may not make one\nName one that is there with --namespace.',
  ]);
  expect(agents.left()).toEqual([]);
});

test("a runtime class that is there", async () => {
  const agents = await started();
  agents.cluster.put({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "nvidia" },
    handler: "nvidia",
  });
  expect((await run(agents, { runtimeClass: "nvidia" })).runId).toBe("1a2b3c4d");
});

test("a pod security level that refuses the privileged form is told before, by its label", async () => {
  const agents = await started();
  const labels = { "pod-security.kubernetes.io/enforce": "baseline" };
  agents.cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "gpu", labels } });
  await run(agents, { privileged: false });
  expect(warnings(agents)).toEqual([]);
  await run(agents);
  expect(warnings(agents)).toEqual([
    "the namespace gpu has the label pod-security.kubernetes.io/enforce=baseline, which refuses the privileged agent " +
      "unless it is exempt; --privileged=false runs one that is allowed there and sees less of the node",
  ]);
});

test("a cluster without GPUs is told", async () => {
  const agents = await agentCluster();
  open.push(agents);
  agents.cluster.put(node("cpu-1"));
  await run(agents);
  expect(warnings(agents)).toEqual(["no node of the cluster shows a GPU; the agent measures any node"]);
});

test("options that cannot be are refused before anything is asked", async () => {
  const agents = await started();
  expect((await rejectionOf(run(agents, { namespace: "../x" }))).code).toBe("USAGE");
  expect(agents.cluster.requests).toEqual([]);
});
