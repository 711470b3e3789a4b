import type { KubeApi } from "@slipway/kube";
import { gpuNodesOf, readNodes, usedGpus, type GpuNode } from "./gpu-nodes.ts";

/** The nodes with GPUs and what is free on them. Throws as {@link KubeApi.list} does. */
export async function readGpuNodes(api: Pick<KubeApi, "list">, signal?: AbortSignal): Promise<readonly GpuNode[]> {
  const [nodes, used] = await Promise.all([readNodes(api, signal), usedGpus(api, signal)]);
  return gpuNodesOf(nodes, used);
}
