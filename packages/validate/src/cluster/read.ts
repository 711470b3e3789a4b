import { mapAt, textAt } from "@slipway/base";
import { eachObject, isNotFound, type KubeObject, type ListOptions, type Resource } from "@slipway/kube";
import { RESOURCES } from "@slipway/kube";
import type { CheckContext } from "./context.ts";

type Reader = Pick<CheckContext, "api" | "signal">;

/** An object; nothing when it, or its kind, is not there. */
export async function find(
  { api, signal }: Reader,
  resource: Resource,
  name: string,
  namespace?: string,
): Promise<KubeObject | undefined> {
  try {
    return await api.get(resource, name, { signal, ...(namespace === undefined ? {} : { namespace }) });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The objects of a kind; nothing when the server does not know the kind. */
export async function list(
  { api, signal }: Reader,
  resource: Resource,
  options: ListOptions = {},
): Promise<readonly KubeObject[] | undefined> {
  const found: KubeObject[] = [];
  try {
    for await (const object of eachObject(api, resource, { ...options, signal })) found.push(object);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  return found;
}

/** The answer to a GET as text; nothing when there is no such path. JSON comes as it was parsed. */
export async function readPath(
  { api, signal }: Reader,
  path: string,
): Promise<Awaited<ReturnType<CheckContext["api"]["read"]>> | undefined> {
  try {
    return await api.read(path, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What tells that a node has NVIDIA GPUs: labels of discovery (NFD, GFD) and of the clouds. */
const GPU_LABELS: readonly RegExp[] = [
  /^nvidia\.com\/gpu\.(present|count|product)$/,
  /^feature\.node\.kubernetes\.io\/pci-(?:[\da-f]{4}_)?10de\.present$/,
  /^cloud\.google\.com\/gke-accelerator$/,
  /^k8s\.amazonaws\.com\/accelerator$/,
  /^kubernetes\.azure\.com\/accelerator$/,
];

/** Whether a node has NVIDIA GPUs, told by its labels or by what it offers. */
export function isGpuNode(node: KubeObject): boolean {
  const labels = Object.entries(node.metadata.labels ?? {});
  if (labels.some(([key, value]) => value !== "false" && value !== "0" && GPU_LABELS.some((label) => label.test(key))))
    return true;
  return Object.keys(mapAt(node, "status", "capacity")).some((name) => /^nvidia\.com\/(gpu|mig-)/.test(name));
}

/** The nodes with NVIDIA GPUs. */
export async function gpuNodes(reader: Reader): Promise<readonly KubeObject[]> {
  const nodes = (await list(reader, RESOURCES.nodes)) ?? [];
  return nodes.filter(isGpuNode);
}

/** Amounts of extended resources are whole numbers, written as text. */
export function amountOf(node: KubeObject, name: string): number {
  const amount = Number(textAt(node, "status", "allocatable", name));
  return Number.isSafeInteger(amount) ? amount : 0;
}
