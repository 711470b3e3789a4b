import { textAt } from "@slipway/base";
import { evaluateConstraint, type Lookup } from "@slipway/recipe";
import type { KubeObject } from "@slipway/kube";
import { readinessConstraints } from "../../readiness.ts";
import { outcomeOf, skipped, type Check } from "../context.ts";
import { gpuNodes, readPath } from "../read.ts";

/**
 * Whether every GPU node meets the recipe's constraints, as far as the API tells: a snapshot shows one node, and the one
 * beside it may have an older kernel or driver.
 */
export const nodeConstraints: Check = async (context) => {
  const constraints = readinessConstraints(context.recipe);
  if (constraints.length === 0) return skipped("the recipe has no constraints");
  const nodes = await gpuNodes(context);
  if (nodes.length === 0) return skipped("no node is known to have NVIDIA GPUs (labels, capacity)");
  const server = textAt(await readPath(context, "/version"), "gitVersion");
  const [problems, seen]: [string[], string[]] = [[], []];
  for (const node of nodes) {
    const lookup = readingsOf(node, server);
    const told = constraints
      .map((constraint) => ({ constraint, outcome: evaluateConstraint(constraint, lookup) }))
      .filter(({ outcome }) => outcome.actual !== undefined);
    const failed = told.filter(({ outcome }) => !outcome.passed);
    const name = node.metadata.name ?? "";
    for (const { constraint, outcome } of failed) problems.push(`${name}: ${constraint.name}: ${outcome.reason ?? ""}`);
    if (failed.length === 0)
      seen.push(`${name}: ${told.length} of ${constraints.length} constraints can be told here, all met`);
  }
  return outcomeOf(
    problems,
    seen,
    `${nodes.length} GPU nodes meet what the API tells of ${constraints.length} constraints`,
    "Bring those nodes to the level of the others: a new node image, or the driver version of the GPU Operator. aicr snapshot --nodes all shows what differs.",
  );
};

/** What the API says of a node, under the names that snapshots use. */
export function readingsOf(node: KubeObject, server: string): Lookup {
  const info = (key: string): string => textAt(node, "status", "nodeInfo", key);
  const label = (key: string): string => node.metadata.labels?.[key] ?? "";
  const { id, version } = systemOf(info("osImage"), label);
  const [runtime = "", runtimeVersion = ""] = info("containerRuntimeVersion").split("://");
  const readings: Readonly<Record<string, string>> = {
    "K8s.server.version": server,
    "K8s.node.kubelet-version": info("kubeletVersion"),
    "K8s.node.kernel-version": info("kernelVersion"),
    "K8s.node.os-image": info("osImage"),
    "K8s.node.operating-system": info("operatingSystem"),
    "K8s.node.container-runtime-name": runtime,
    "K8s.node.container-runtime-version": runtimeVersion,
    "OS.release.ID": id,
    "OS.release.VERSION_ID": version,
    "OS.sysctl./proc/sys/kernel/osrelease": info("kernelVersion"),
    "GPU.smi.driver": label("nvidia.com/cuda.driver-version.full"),
    "GPU.smi.cuda-version": label("nvidia.com/cuda.runtime-version.full"),
    "GPU.smi.gpu-count": label("nvidia.com/gpu.count"),
    "GPU.smi.gpu.model": label("nvidia.com/gpu.product").replaceAll("-", " "),
  };
  return (name) => {
    const found = Object.hasOwn(readings, name) ? readings[name] : undefined;
    return found === "" ? undefined : found;
  };
}

/** What a kubelet calls its system, and the ID that os-release gives it. */
const SYSTEMS: readonly (readonly [name: RegExp, id: string])[] = [
  [/^Ubuntu\b/, "ubuntu"],
  [/^Amazon Linux\b/, "amzn"],
  [/^Red Hat Enterprise Linux\b/, "rhel"],
  [/^Container-Optimized OS\b/, "cos"],
  [/^Talos\b/, "talos"],
];

/** ID and version of a node's system: NFD labels them; else the name that the kubelet gives tells. */
function systemOf(image: string, label: (key: string) => string): { readonly id: string; readonly version: string } {
  const prefix = "feature.node.kubernetes.io/system-os_release";
  const known = SYSTEMS.find(([name]) => name.test(image))?.[1] ?? "";
  const version = /\d+(?:\.\d+)*/.exec(image)?.[0] ?? "";
  const short = known === "ubuntu" ? version.split(".").slice(0, 2).join(".") : version;
  return { id: label(`${prefix}.ID`) || known, version: label(`${prefix}.VERSION_ID`) || short };
}
