import { mapAt, textAt } from "@slipway/base";
import { RESOURCES, type KubeObject } from "@slipway/kube";
import { outcomeOf, skipped, type Check, type CheckContext } from "../context.ts";
import { amountOf, gpuNodes, list } from "../read.ts";

/** Whether every GPU node offers its GPUs, through the device plugin or through dynamic resource allocation. */
export const gpusAllocatable: Check = async (context) => {
  const nodes = await gpuNodes(context);
  if (nodes.length === 0) return skipped("no node is known to have NVIDIA GPUs (labels, capacity)");
  const claimed = await sliceNodes(context);
  const [problems, seen]: [string[], string[]] = [[], []];
  for (const node of nodes) {
    const { problem, line } = offer(node, claimed);
    if (problem === undefined) seen.push(line);
    else problems.push(problem);
  }
  return outcomeOf(
    problems,
    seen,
    `${nodes.length} GPU nodes offer their GPUs`,
    "Look at the device plugin and the driver on that node: kubectl get pods -n gpu-operator -o wide --field-selector spec.nodeName=NODE",
  );
};

function offer(node: KubeObject, claimed: ReadonlySet<string>): { readonly problem?: string; readonly line: string } {
  const name = node.metadata.name ?? "";
  const shared = Object.keys(mapAt(node, "status", "allocatable")).filter((key) => key.startsWith("nvidia.com/mig-"));
  const whole = amountOf(node, "nvidia.com/gpu");
  const parts = shared.reduce((sum, key) => sum + amountOf(node, key), 0);
  const expected = Number(node.metadata.labels?.["nvidia.com/gpu.count"] ?? "0");
  const line = `${name}: nvidia.com/gpu ${whole}${parts === 0 ? "" : `, MIG devices ${parts}`}${claimed.has(name) ? ", resource slices" : ""}`;
  if (whole + parts === 0 && !claimed.has(name))
    return { problem: `${name} offers no GPUs: neither nvidia.com/gpu nor a resource slice of gpu.nvidia.com`, line };
  if (parts === 0 && !claimed.has(name) && whole < expected)
    return { problem: `${name} offers ${whole} of its ${expected} GPUs (unhealthy ones are withheld)`, line };
  return { line };
}

/** The nodes that publish GPUs as resource slices; none where the server has no such API. */
async function sliceNodes(context: CheckContext): Promise<ReadonlySet<string>> {
  const slices = (await list(context, RESOURCES.resourceSlices)) ?? [];
  const ours = slices.filter((slice) => textAt(slice, "spec", "driver") === "gpu.nvidia.com");
  return new Set(ours.map((slice) => textAt(slice, "spec", "nodeName")));
}
