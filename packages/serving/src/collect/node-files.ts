import { listAt, mapAt, textAt, valueAt, writeYaml, type Task } from "@slipway/base";
import { RESOURCES, eachObject, nameOf, type KubeObject } from "@slipway/kube";
import { gpuNodesOf, usedGpus } from "../gpus/gpu-nodes.ts";
import { ageText } from "../status/age.ts";
import { DEFINITIONS } from "./bundle-files.ts";
import type { Collector } from "./collector.ts";
import { columns } from "./columns.ts";
import { describe } from "./describe.ts";
import { listText } from "./list-text.ts";
import { redactObject } from "./redact-object.ts";

/** The label that GPU Feature Discovery gives nodes with a GPU. */
const GPU_NODES = "nvidia.com/gpu.present=true";

/** The files below `cluster/`. */
export function clusterFiles(collector: Collector): readonly Task<void>[] {
  const { api, now, signal } = collector.deps;
  const nodes = once(async () => {
    const found: KubeObject[] = [];
    for await (const node of eachObject(api, RESOURCES.nodes, { labelSelector: GPU_NODES, signal }))
      found.push(redactObject({ ...node, apiVersion: "v1", kind: "Node" }));
    return found;
  });
  const source = { verb: "list", resource: "nodes", selector: GPU_NODES } as const;
  return [
    collector.file("cluster/k8s_version.yaml", { verb: "get", resource: "/version" }, async () => ({
      content: writeYaml({ serverVersion: await api.read("/version", { signal }) }),
    })),
    collector.file("cluster/gpu_nodes.status", source, async () => {
      const found = await nodes();
      return { content: nodesText(found, now), objects: found.length };
    }),
    collector.file("cluster/gpu_nodes.descr", source, async () => {
      const found = await nodes();
      const events: readonly KubeObject[] = [];
      return { content: found.map((node) => describe(node, events, now)).join("\n\n"), objects: found.length };
    }),
    collector.file("cluster/gpu_allocation.status", { verb: "list", resource: "pods" }, async () => {
      const used = await usedGpus(api, signal);
      const found = gpuNodesOf(await nodes(), used);
      const rows = found.map(({ name, product, total, free }) => [
        name,
        product,
        String(total),
        String(used.get(name) ?? 0),
        String(free),
      ]);
      return {
        content: columns([["NODE", "PRODUCT", "ALLOCATABLE", "REQUESTED", "FREE"], ...rows]),
        objects: rows.length,
      };
    }),
    collector.file(
      "cluster/crds.yaml",
      { verb: "get", resource: "customresourcedefinitions.apiextensions.k8s.io" },
      () => definitions(collector),
    ),
  ];
}

async function definitions({ deps: { api, signal } }: Collector) {
  const found: KubeObject[] = [];
  for (const name of DEFINITIONS) {
    const options = { fieldSelector: `metadata.name=${name}`, signal };
    for await (const object of eachObject(api, RESOURCES.customResourceDefinitions, options))
      if (nameOf(object) === name) found.push({ ...object, kind: "CustomResourceDefinition" });
  }
  return { content: listText(found), objects: found.length };
}

/** As `kubectl get nodes -o wide`, with the GPUs. */
function nodesText(nodes: readonly KubeObject[], now: Date): string {
  const head = [
    "NAME",
    "STATUS",
    "ROLES",
    "AGE",
    "VERSION",
    "INTERNAL-IP",
    "OS-IMAGE",
    "KERNEL",
    "RUNTIME",
    "GPU",
    "GPUS",
  ];
  const rows = nodes.map((node) => {
    const info = mapAt(node, "status", "nodeInfo");
    const gpus = valueAt(node, "status", "allocatable", "nvidia.com/gpu");
    return [
      nameOf(node),
      readiness(node),
      roles(node),
      ageText(textAt(node, "metadata", "creationTimestamp"), now),
      textAt(info, "kubeletVersion"),
      textAt(
        listAt(node, "status", "addresses").find((entry) => textAt(entry, "type") === "InternalIP"),
        "address",
      ),
      textAt(info, "osImage"),
      textAt(info, "kernelVersion"),
      textAt(info, "containerRuntimeVersion"),
      textAt(node, "metadata", "labels", "nvidia.com/gpu.product"),
      typeof gpus === "string" || typeof gpus === "number" ? String(gpus) : "",
    ].map((cell) => cell || "<none>");
  });
  return columns([head, ...rows]);
}

function readiness(node: KubeObject): string {
  const ready = listAt(node, "status", "conditions").find((condition) => textAt(condition, "type") === "Ready");
  const state = { True: "Ready", False: "NotReady" }[textAt(ready, "status")] ?? "Unknown";
  return valueAt(node, "spec", "unschedulable") === true ? `${state},SchedulingDisabled` : state;
}

const ROLE = "node-role.kubernetes.io/";

function roles(node: KubeObject): string {
  const labels = Object.keys(mapAt(node, "metadata", "labels"));
  return labels.flatMap((label) => (label.startsWith(ROLE) ? [label.slice(ROLE.length)] : [])).join(",");
}

/** Several files share what was read once. */
function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= read());
}
