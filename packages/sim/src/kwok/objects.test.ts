import { parseYaml, parseYamlDocuments, type Tree } from "@slipway/base";
import { RESOURCES, describeObject, type KubeApi, type KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { createGpuNodes, gpuNodes } from "./nodes.ts";
import { KWOK_CONFIGURATION, createKwokObjects } from "./objects.ts";
import { createPods, loadPods } from "./pods.ts";
import { jobStage, logLine, podLogs, podPort, waitingStage } from "./steer.ts";

/** An API server that takes everything. */
function taker(): { readonly taken: KubeObject[]; readonly api: Pick<KubeApi, "create"> } {
  const taken: KubeObject[] = [];
  const create: KubeApi["create"] = async (resource, object, options) => {
    expect([resource, options?.namespace]).toEqual(
      object.kind === "Pod" ? [RESOURCES.pods, object.metadata.namespace] : [RESOURCES.nodes, undefined],
    );
    taken.push(object);
    return object;
  };
  return { taken, api: { create } };
}

test("GPU nodes carry what feature discovery and the device plugin say of a machine", () => {
  const [node] = gpuNodes({ count: 1, model: "gb200", taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] });
  expect(node).toMatchObject({
    metadata: {
      name: "gb200-0",
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/arch": "arm64",
        "node.kubernetes.io/instance-type": "p6e-gb200.36xlarge",
        "nvidia.com/gpu.present": "true",
        "nvidia.com/gpu.product": "NVIDIA-GB200",
        "nvidia.com/gpu.count": "4",
        "nvidia.com/gpu.memory": "189471",
        "nvidia.com/gpu.family": "blackwell",
        "nvidia.com/gpu.compute.major": "10",
      },
    },
    spec: { taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] },
    status: { capacity: { "nvidia.com/gpu": "4", cpu: "144" }, nodeInfo: { architecture: "arm64" } },
  });
});

test("a node that nothing has looked at yet has neither GPU labels nor GPUs to give", () => {
  const [node] = gpuNodes({ count: 1, model: "h100", isDiscovered: false, labels: { pool: "gpu" } });
  const labels = Object.keys(node?.metadata.labels ?? {});
  expect(labels.filter((label) => /nvidia|feature/.test(label))).toEqual([]);
  expect(labels).toContain("pool");
  expect(JSON.stringify(node?.["status"])).not.toContain("nvidia.com/gpu");
});

test("nodes without a model have no GPU; number of GPUs, names and labels can be chosen", () => {
  const [cpu] = gpuNodes({ count: 1 });
  expect([cpu?.metadata.name, JSON.stringify(cpu).includes("nvidia")]).toEqual(["cpu-0", false]);
  const some = gpuNodes({ count: 2, model: "h100", gpus: 2, prefix: "big", labels: { "nvidia.com/gpu.product": "X" } });
  expect(some.map(({ metadata }) => [metadata.name, metadata.labels?.["nvidia.com/gpu.product"]])).toEqual([
    ["big-0", "X"],
    ["big-1", "X"],
  ]);
  expect(some[0]).toMatchObject({ status: { allocatable: { "nvidia.com/gpu": "2" } } });
});

test("a thousand nodes are a thousand machines, in all zones, the same each time", () => {
  const nodes = gpuNodes({ count: 1000, model: "h100" });
  const ids = nodes.map((node) => JSON.stringify([node["spec"], node["status"]]));
  expect(new Set(ids).size).toBe(1000);
  expect(new Set(nodes.map(({ metadata }) => metadata.labels?.["topology.kubernetes.io/zone"])).size).toBe(3);
  expect(gpuNodes({ count: 1000, model: "h100" })).toEqual(nodes);
});

test("nodes and pods are created and named", async () => {
  const { taken, api } = taker();
  expect(await createGpuNodes(api, { count: 3, model: "l4" })).toEqual(["l4-0", "l4-1", "l4-2"]);
  expect(await createPods(api, { count: 2, namespace: "load", nodes: ["l4-0", "l4-1"] })).toEqual(["load-0", "load-1"]);
  expect(taken.map(describeObject)).toEqual([
    "Node l4-0",
    "Node l4-1",
    "Node l4-2",
    "Pod load/load-0",
    "Pod load/load-1",
  ]);
});

test("pods are spread over nodes and images and are large, before the server adds as much again", () => {
  const pods = loadPods({ count: 100, namespace: "load", nodes: ["a", "b", "c"], gpus: 1 });
  const images = new Set(pods.map((pod) => /"image":"([^"]+)"/.exec(JSON.stringify(pod))?.[1]));
  expect(images.size).toBe(7);
  expect(pods.slice(0, 4).map((pod) => /"nodeName":"(.)"/.exec(JSON.stringify(pod))?.[1])).toEqual([
    "a",
    "b",
    "c",
    "a",
  ]);
  const sizes = pods.map((pod) => JSON.stringify(pod).length);
  expect(Math.min(...sizes)).toBeGreaterThan(2000);
  expect(Math.max(...sizes)).toBeLessThan(4000);
  expect(JSON.stringify(pods[0])).toContain('"nvidia.com/gpu":"1"');
  expect(JSON.stringify(loadPods({ count: 1, namespace: "x" })[0])).not.toContain("nodeName");
});

test("stages choose pods of their namespace, and of one Job if told", () => {
  const stage = jobStage({ namespace: "jobs", job: "one", runsMs: 1500, exitCode: 2 });
  expect(stage).toMatchObject({
    metadata: { name: "job-jobs-one" },
    spec: { weight: 1, delay: { durationMilliseconds: 1500 } },
  });
  const text = JSON.stringify(stage);
  expect(text).toContain('{"key":".metadata.namespace","operator":"In","values":["jobs"]}');
  expect(text).toContain('{"key":".metadata.ownerReferences.[].name","operator":"In","values":["one"]}');
  expect(text).toContain("exitCode: 2");
  expect(JSON.stringify(jobStage({ namespace: "jobs", runsMs: 0 }))).toContain("phase: Succeeded");
  expect(JSON.stringify(waitingStage({ namespace: "jobs", reason: "ErrImagePull" }))).toContain(
    String.raw`reason: \"ErrImagePull\"`,
  );
});

test("logs and ports of a pod lead to this machine", () => {
  expect(podLogs({ namespace: "a", pod: "b", file: "/tmp/b.log" })).toMatchObject({
    kind: "Logs",
    metadata: { namespace: "a", name: "b" },
    spec: { logs: [{ logsFile: "/tmp/b.log", follow: true }] },
  });
  expect(logLine("one", new Date(0))).toBe("1970-01-01T00:00:00.000Z stdout F one\n");
  expect(podPort({ namespace: "a", pod: "b", port: 80 })).toMatchObject({
    kind: "PortForward",
    spec: { forwards: [{ target: { address: "127.0.0.1", port: 80 } }] },
  });
});

test("kwok's objects are created after its kinds are known", async () => {
  const steps: string[] = [];
  const definition = (name: string): string => `---\nkind: CustomResourceDefinition\nmetadata:\n  name: ${name}\n\n`;
  await createKwokObjects(
    {
      definitions: definition("one") + definition("two"),
      stages: "---\nkind: Stage\nmetadata: {name: ready}\n",
      logFile: "l",
    },
    async (path, yaml) => {
      const [document] = parseYamlDocuments(yaml);
      steps.push(`${path} ${nameIn(document ?? null)}`);
    },
    async (group, plurals) => {
      steps.push(`${group} serves ${plurals.length} kinds`);
    },
  );
  expect(steps).toEqual([
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions one",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions two",
    "kwok.x-k8s.io/v1alpha1 serves 5 kinds",
    "/apis/kwok.x-k8s.io/v1alpha1/stages ready",
    "/apis/kwok.x-k8s.io/v1alpha1/clusterlogs every-pod",
  ]);
  expect(parseYaml(KWOK_CONFIGURATION)).toMatchObject({
    kind: "KwokConfiguration",
    options: {
      enableCRDs: ["Stage", "Logs", "ClusterLogs", "PortForward", "ClusterPortForward"],
    },
  });
});

function nameIn(document: Tree): string {
  return /"name":"([^"]+)"/.exec(JSON.stringify(document))?.[1] ?? "";
}
