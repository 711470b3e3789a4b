import type { TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { gpuNode, workload } from "../../testing/gpu-cluster.ts";
import { COMPONENTS, component, look, outcome, type Scene } from "../../testing/look.ts";

const OPERATOR = workload("Deployment", "gpu-operator/gpu-operator");
const STUCK: TreeMap = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "gpu-operator-x", namespace: "gpu-operator" },
  status: {
    phase: "Pending",
    containerStatuses: [
      { name: "c", state: { waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } } },
    ],
  },
};

test("operator-health: the operator runs, or what its pods wait for", async () => {
  expect(await look("operator-health", [OPERATOR, workload("DaemonSet", "gpu-operator/other", 0)])).toEqual([
    "passed",
    "the GPU Operator runs",
    "Deployment gpu-operator/gpu-operator: 1 of 1 ready",
  ]);
  expect(await look("operator-health", [workload("Deployment", "gpu-operator/gpu-operator", 0), STUCK])).toEqual([
    "failed",
    "Deployment gpu-operator/gpu-operator: 0 of 1 ready (and 1 more)",
    "Deployment gpu-operator/gpu-operator: 0 of 1 ready",
    "Pod gpu-operator/gpu-operator-x: container c: ImagePullBackOff: Back-off pulling image",
  ]);
  expect(await look("operator-health", [])).toEqual([
    "failed",
    "gpu-operator: nothing of it runs in the namespace gpu-operator",
    "gpu-operator: nothing of it runs in the namespace gpu-operator",
  ]);
  expect(await look("operator-health", [], { components: [] })).toEqual([
    "skipped",
    "skipped - the recipe has no gpu-operator",
  ]);
});

test("what to do names the namespace, and the pod that does not get on", async () => {
  const bad = workload("Deployment", "gpu-operator/gpu-operator", 0);
  const head = "See why its pods do not get ready: kubectl describe pods -n gpu-operator,";
  const tail = "If nothing was installed, run the bundle's deploy.sh.";
  const logs = `${head} kubectl logs -n gpu-operator gpu-operator-x --all-containers. ${tail}`;
  const events = `${head} kubectl get events -n gpu-operator. ${tail}`;
  for (const check of ["operator-health", "gpu-operator-health", "workloads-ready"] as const) {
    expect((await outcome(check, [bad, STUCK])).remediation).toBe(logs);
    expect((await outcome(check, [bad])).remediation).toBe(events);
  }
  expect((await outcome("robust-controller", [])).remediation).toMatch(/kubectl get pods,endpointslices -n kubeflow$/);
});

test("gpu-operator-health: policy and nodes count too", async () => {
  const policy = (state?: string): TreeMap => ({
    apiVersion: "nvidia.com/v1",
    kind: "ClusterPolicy",
    metadata: { name: "cluster-policy" },
    status: state === undefined ? {} : { state },
  });
  expect(await look("gpu-operator-health", [OPERATOR, policy("ready"), gpuNode("a")])).toEqual([
    "passed",
    "the GPU Operator and its parts run on 1 GPU nodes",
    "Deployment gpu-operator/gpu-operator: 1 of 1 ready",
    "ClusterPolicy cluster-policy: ready",
  ]);
  expect((await look("gpu-operator-health", [OPERATOR, policy("notReady")])).slice(0, 4)).toEqual([
    "failed",
    "ClusterPolicy cluster-policy is notReady (and 1 more)",
    "ClusterPolicy cluster-policy is notReady",
    "no node is known to have GPUs, so that the operator has nothing to work on",
  ]);
  expect(
    await look("gpu-operator-health", [OPERATOR, gpuNode("a")], { options: { without: ["ClusterPolicy"] } }),
  ).toContain("there is no ClusterPolicy (nvidia.com/v1)");
});

test("platform-health and workloads-ready: in a shared namespace the release tells whose a workload is", async () => {
  const label = (name: string): TreeMap => ({ labels: { "app.kubernetes.io/instance": name } });
  const shared = [
    workload("Deployment", "monitoring/a", 1, 1, label("prometheus-adapter")),
    workload("StatefulSet", "monitoring/b", 1, 2, label("kube-prometheus-stack")),
    workload("Deployment", "monitoring/stranger", 0, 1),
  ];
  const components = COMPONENTS.filter(({ namespace }) => namespace === "monitoring" || namespace === "gpu-operator");
  expect(await look("platform-health", shared, { components })).toEqual([
    "failed",
    "StatefulSet monitoring/b: 1 of 2 ready",
    "StatefulSet monitoring/b: 1 of 2 ready",
    "Deployment monitoring/a: 1 of 1 ready",
  ]);
  expect((await look("workloads-ready", [...shared, OPERATOR], { components }))[0]).toBe("failed");
  const fine = [
    OPERATOR,
    ...shared.filter(({ kind }) => kind === "Deployment"),
    workload("StatefulSet", "monitoring/b", 2, 2, label("kube-prometheus-stack")),
  ];
  expect((await look("workloads-ready", fine, { components })).slice(0, 2)).toEqual([
    "passed",
    "every workload of the recipe is ready",
  ]);
});

test("a component of definitions alone runs nothing", async () => {
  const components = [component("kgateway-crds", "kgateway-system"), component("empty", "empty")];
  const release: TreeMap = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "sh.helm.release.v1.empty.v1",
      namespace: "empty",
      labels: { owner: "helm", status: "deployed", name: "empty" },
    },
  };
  expect(await look("workloads-ready", [release], { components })).toEqual([
    "passed",
    "every workload of the recipe is ready",
    "kgateway-crds: no workloads of its own",
    "empty: no workloads of its own",
  ]);
});

test("gpu-operator-version: the label or the tag, against the constraints of the phase", async () => {
  const phase = { constraints: [{ name: "Deployment.gpu-operator.version", value: ">= v25.10.0" }] };
  expect(await look("gpu-operator-version", [OPERATOR], { phase })).toEqual([
    "passed",
    "gpu-operator has v25.10.1, expected >= v25.10.0",
    "gpu-operator has v25.10.1, expected >= v25.10.0",
  ]);
  const old = workload("Deployment", "gpu-operator/gpu-operator", 1, 1, {
    labels: { "app.kubernetes.io/version": "v24.9.2" },
  });
  expect((await look("gpu-operator-version", [old], { phase })).slice(0, 2)).toEqual([
    "failed",
    "gpu-operator: expected >= v25.10.0, got v24.9.2",
  ]);
  expect((await look("gpu-operator-version", [], { phase }))[1]).toBe(
    "there is no Deployment gpu-operator that tells its version",
  );
  expect((await look("gpu-operator-version", [OPERATOR]))[0]).toBe("skipped");
});

test("expected-resources: there, well, of a kind that we do not know, missing", async () => {
  const expectedResources = [
    { kind: "Deployment", name: "gpu-operator", namespace: "gpu-operator" },
    { kind: "ConfigMap", name: "settings" },
    { kind: "Queue", apiVersion: "scheduling.run.ai/v2", name: "default" },
  ];
  const objects: readonly TreeMap[] = [
    OPERATOR,
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "gpu-operator" } },
    {
      apiVersion: "scheduling.run.ai/v2",
      kind: "Queue",
      metadata: { name: "default" },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    },
  ];
  const scene = (resources: readonly TreeMap[]): Scene => ({
    components: [component("gpu-operator", "gpu-operator", { expectedResources: resources })],
  });
  expect(await look("expected-resources", objects, scene(expectedResources))).toEqual([
    "passed",
    "3 expected objects are there",
    "gpu-operator: Deployment gpu-operator/gpu-operator: 1 of 1 ready",
    "gpu-operator: ConfigMap gpu-operator/settings is there",
    "gpu-operator: Queue default is Ready",
  ]);
  const bad = [
    { kind: "ConfigMap", name: "gone" },
    { kind: "Thing", apiVersion: "example.com/v1", name: "x" },
    { kind: "Thing", name: "x" },
  ];
  expect(await look("expected-resources", [], scene(bad))).toEqual([
    "failed",
    "gpu-operator: ConfigMap gpu-operator/gone is not there (and 2 more)",
    "gpu-operator: ConfigMap gpu-operator/gone is not there",
    "gpu-operator: the cluster has no kind Thing",
    "gpu-operator: the cluster has no kind Thing",
  ]);
  expect((await look("expected-resources", []))[0]).toBe("skipped");
});
