import { rejectionOf } from "@slipway/base/testing";
import { afterEach, expect, test } from "vitest";
import { gpuNode, node } from "../collect-cluster/testing/nodes.ts";
import { runAgent, type RunAgentOptions } from "./run-agent.ts";
import { OPTIONS, SNAPSHOT, agentCluster, type AgentCluster, type Behaviour } from "./testing/agent-cluster.ts";

const open: AgentCluster[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (agents) => agents.close()));
});

async function started(behaviour?: Behaviour): Promise<AgentCluster> {
  const agents = await agentCluster(behaviour);
  open.push(agents);
  agents.cluster.put(node("cpu-1"));
  agents.cluster.put(gpuNode("gpu-1"));
  return agents;
}

function run({ deps }: AgentCluster, options: Partial<RunAgentOptions> = {}) {
  return runAgent(deps, { ...OPTIONS, ...options });
}

const RUN = "1a2b3c4d";

test("a run makes its objects, reads the snapshot and removes everything", async () => {
  const agents = await started();
  const result = await run(agents);
  expect(result).toMatchObject({ text: SNAPSHOT, format: "yaml", runId: RUN });
  expect(agents.left()).toEqual([]);
  expect(agents.log).toEqual(["measuring", "done"]);
  expect(agents.progress.filter(({ kind }) => kind === "warning")).toEqual([]);
  const writes = agents.cluster.requests
    .filter(({ method, path }) => method !== "GET" && !path.includes("selfsubjectaccessreviews"))
    .map(({ method, path }) => `${method} ${path.replace(/^\/apis?\//, "")}`);
  const made = [
    "rbac.authorization.k8s.io/v1/clusterroles",
    "rbac.authorization.k8s.io/v1/clusterrolebindings",
    "rbac.authorization.k8s.io/v1/namespaces/gpu/rolebindings",
    "rbac.authorization.k8s.io/v1/namespaces/gpu/roles",
    "v1/namespaces/gpu/serviceaccounts",
    "v1/namespaces/gpu/configmaps",
    "batch/v1/namespaces/gpu/jobs",
  ];
  const byText = (left: string, right: string): number => (left < right ? -1 : 1);
  expect(writes[0]).toBe(`POST ${made[0]}`);
  // A binding comes after its role, because the server looks into that.
  expect(writes.slice(1, 4).sort(byText)).toEqual([made[1], made[3], made[4]].map((path) => `POST ${path}`));
  expect(writes[4]).toBe(`POST ${made[2]}`);
  expect(writes.slice(5, 7)).toEqual(made.slice(5).map((path) => `POST ${path}`));
  expect(writes.slice(7).sort(byText)).toEqual(
    made
      .map((path) => {
        const [prefix, plural] = [path.includes("/cluster") ? "aicr-node-reader" : "aicr", path.split("/").at(-1)];
        return `DELETE ${path}/${plural === "configmaps" ? "aicr-snapshot" : prefix}-${RUN}`;
      })
      .sort(byText),
  );
});

test("the agent runs on GPU nodes, which are found, unless a selector says where", async () => {
  const seen: unknown[] = [];
  const agents = await started({
    play: (job) => {
      seen.push(job["spec"]);
      return {};
    },
  });
  await run(agents);
  await run(agents, { nodeSelector: { "kubernetes.io/hostname": "gpu-1" } });
  expect(seen).toMatchObject([
    { template: { spec: { nodeSelector: { "nvidia.com/gpu.present": "true" } } } },
    { template: { spec: { nodeSelector: { "kubernetes.io/hostname": "gpu-1" } } } },
  ]);
});

test("a namespace that is not there is made, and stays", async () => {
  const agents = await started({ namespaces: [] });
  await run(agents);
  const namespace = agents.cluster.objects("Namespace").find((object) => JSON.stringify(object).includes('"gpu"'));
  expect(namespace).toMatchObject({ metadata: { labels: { "app.kubernetes.io/managed-by": "aicr" } } });
  expect(agents.progress[0]).toEqual({ kind: "note", message: "making the namespace gpu, which stays" });
});

test("two runs at once do not meet", async () => {
  const agents = await started();
  const results = await Promise.all([run(agents), run(agents)]);
  expect(results.map(({ runId }) => runId)).toEqual([RUN, "1a2b3c4e"]);
  expect(agents.left()).toEqual([]);
});

test("without clean-up everything stays, with the commands that remove it", async () => {
  const agents = await started();
  await run(agents, { cleanup: false });
  expect(agents.left()).toEqual([
    `ClusterRole aicr-node-reader-${RUN}`,
    `ClusterRoleBinding aicr-node-reader-${RUN}`,
    `ServiceAccount aicr-${RUN}`,
    `Role aicr-${RUN}`,
    `RoleBinding aicr-${RUN}`,
    `ConfigMap aicr-snapshot-${RUN}`,
    `Job aicr-${RUN}`,
    `Pod aicr-${RUN}-0`,
  ]);
  expect(agents.progress.at(-1)?.message).toMatch(
    new RegExp(
      `^the objects of the run ${RUN} stay; remove them with:\n` +
        `  kubectl delete --ignore-not-found clusterroles.rbac.authorization.k8s.io/aicr-node-reader-${RUN} .*\n` +
        `  kubectl delete --ignore-not-found --namespace gpu .* jobs.batch/aicr-${RUN}$`,
    ),
  );
});

test("the ClusterRole owns everything, so that a client that is killed leaves one thing to remove", async () => {
  const agents = await started();
  await run(agents, { cleanup: false });
  agents.cluster.remove("ClusterRole", "", `aicr-node-reader-${RUN}`);
  expect(agents.left()).toEqual([]);
});

test("a service account of the user is used as it is, and no rights are made", async () => {
  const agents = await started();
  agents.cluster.put({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "snapshots", namespace: "gpu" } });
  await run(agents, { serviceAccountName: "snapshots" });
  const kinds = new Set(agents.cluster.writes.map(({ verb, kind }) => `${verb} ${kind}`));
  expect([...kinds].filter((write) => /Role|ServiceAccount/.test(write))).toEqual([]);
  expect(agents.cluster.objects("ServiceAccount", "gpu")).toHaveLength(1);
  expect(agents.left()).toEqual([]);
});

const NO_GPU = SNAPSHOT.replace("gpu-count: 1", "gpu-count: 0")
  .replace(/ *gpu.model.*\n/, "")
  .replace("source-node: gpu-1", "source-node: cpu-1");

test("a snapshot without GPU data of a cluster that has GPUs is told loudly", async () => {
  const agents = await started({ play: () => ({ snapshot: NO_GPU }) });
  expect((await run(agents, { nodeSelector: { "kubernetes.io/hostname": "gpu-1" } })).text).toBe(NO_GPU);
  expect(agents.progress.filter(({ kind }) => kind === "warning")).toEqual([
    {
      kind: "warning",
      message:
        "THE SNAPSHOT HAS NO GPU DATA: the node cpu-1 shows no GPU, but these nodes do: gpu-1; choose one with " +
        "--node-selector kubernetes.io/hostname=NAME",
    },
  ]);
});

test("a snapshot without GPU data of a node that should have some", async () => {
  const agents = await started({ play: () => ({ snapshot: NO_GPU.replace("cpu-1", "gpu-1") }) });
  await run(agents);
  expect(agents.progress.find(({ kind }) => kind === "warning")?.message).toBe(
    "THE SNAPSHOT HAS NO GPU DATA: the node gpu-1 shows no GPU, although the cluster knows of one; is its driver loaded?",
  );
});

test("a GPU that is required and not there is an error", async () => {
  const agents = await started({ play: () => ({ snapshot: NO_GPU }) });
  const error = await rejectionOf(run(agents, { requireGpu: true }));
  expect([error.code, error.describe()]).toEqual([
    "ANSWER_IS_NO",
    "the node cpu-1 shows no GPU, and one is required\nGPU nodes are gpu-1.",
  ]);
});

test("a snapshot in JSON is read too", async () => {
  const text =
    '{"kind":"Snapshot","measurements":[{"type":"GPU","subtypes":[{"subtype":"smi","data":{"gpu-count":1}}]}]}';
  const agents = await started({ play: () => ({ snapshot: text, key: "snapshot.json" }) });
  expect(await run(agents)).toMatchObject({ text, format: "json" });
});

test("an agent that leaves no snapshot", async () => {
  const agents = await started({ play: () => ({ snapshot: "" }) });
  const error = await rejectionOf(run(agents));
  expect([error.code, error.describe()]).toEqual([
    "NOT_FOUND",
    "ConfigMap gpu/aicr-snapshot-1a2b3c4d: the agent ended well and left no snapshot\n" +
      "Its image may be of another program or version: see its log above, and name another one with --image.",
  ]);
  expect(agents.left()).toEqual([]);
});

test("an agent that leaves something else", async () => {
  const agents = await started({ play: () => ({ snapshot: "kind: Recipe\n" }) });
  expect((await rejectionOf(run(agents))).describe()).toBe(
    'ConfigMap gpu/aicr-snapshot-1a2b3c4d: kind: expected a Snapshot, found a document of kind "Recipe"\n' +
      "A snapshot is a document of kind Snapshot, with measurements of a cluster.",
  );
});
