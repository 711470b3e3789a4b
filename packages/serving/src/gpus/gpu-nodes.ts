import { RESOURCES, eachObject, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import { listAt, mapAt, textAt, valueAt, type Tree } from "@slipway/base";

/** The extended resource that the device plugin of NVIDIA offers. */
export const GPU_RESOURCE = "nvidia.com/gpu";
/** Written by GPU Feature Discovery: `NVIDIA-H100-80GB-HBM3`. */
export const PRODUCT_LABEL = "nvidia.com/gpu.product";
/** Written by Node Feature Discovery; the Job that fills a NIMCache asks for it unless the cache says otherwise. */
export const PCI_LABEL = "feature.node.kubernetes.io/pci-10de.present";
/** What a product is called where no label tells it. */
export const UNKNOWN_PRODUCT = "unknown";

/** A node with NVIDIA GPUs. */
export interface GpuNode {
  readonly name: string;
  /** {@link UNKNOWN_PRODUCT} without the label. */
  readonly product: string;
  /** GPUs that pods may ask for. */
  readonly total: number;
  /** Those that no pod has asked for. */
  readonly free: number;
  /** Parts of GPUs (MIG) that pods may ask for by names of their own. */
  readonly slices: number;
  /** Whether new pods may be placed on it. */
  readonly isOpen: boolean;
  readonly hasPciLabel: boolean;
}

/** GPUs of one product over the whole cluster. */
export interface GpuProduct {
  readonly product: string;
  readonly nodes: number;
  readonly total: number;
  readonly free: number;
  readonly slices: number;
}

/**
 * The nodes with NVIDIA GPUs: those that offer some, and those whose labels say that there is hardware.
 *
 * @param used GPUs that pods have asked for, by node, as {@link usedGpus} finds them
 */
export function gpuNodesOf(nodes: readonly KubeObject[], used: ReadonlyMap<string, number>): readonly GpuNode[] {
  return nodes.filter(hasGpus).map((node) => {
    const total = gpusIn(valueAt(node, "status", "allocatable", GPU_RESOURCE));
    return {
      name: nameOf(node),
      product: textAt(node, "metadata", "labels", PRODUCT_LABEL) || UNKNOWN_PRODUCT,
      total,
      free: Math.max(0, total - (used.get(nameOf(node)) ?? 0)),
      slices: slicesOf(node),
      isOpen: valueAt(node, "spec", "unschedulable") !== true,
      hasPciLabel: textAt(node, "metadata", "labels", PCI_LABEL) === "true",
    };
  });
}

function hasGpus(node: KubeObject): boolean {
  const labels = mapAt(node, "metadata", "labels");
  return (
    gpusIn(valueAt(node, "status", "capacity", GPU_RESOURCE)) > 0 ||
    textAt(labels, PRODUCT_LABEL) !== "" ||
    textAt(labels, PCI_LABEL) === "true"
  );
}

/** Resources such as `nvidia.com/mig-1g.10gb`, which a node offers in place of whole GPUs (MIG strategy `mixed`). */
function slicesOf(node: KubeObject): number {
  const allocatable = mapAt(node, "status", "allocatable");
  const names = Object.keys(allocatable).filter((name) => name.startsWith("nvidia.com/mig-"));
  return names.reduce((sum, name) => sum + gpusIn(valueAt(allocatable, name)), 0);
}

/** How many GPUs a pod holds: those of its containers together, or of the init container that wants most. */
export function gpusOfPod(pod: Tree): number {
  const wanted = (container: Tree): number =>
    Math.max(...["limits", "requests"].map((kind) => gpusIn(valueAt(container, "resources", kind, GPU_RESOURCE))));
  const together = listAt(pod, "spec", "containers").reduce<number>((sum, container) => sum + wanted(container), 0);
  return Math.max(together, ...listAt(pod, "spec", "initContainers").map(wanted));
}

/** Amounts of extended resources are whole numbers, mostly written as text. */
function gpusIn(amount: Tree | undefined): number {
  const count = typeof amount === "string" && amount !== "" ? Number(amount) : amount;
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/**
 * GPUs that the pods of the cluster have asked for, by node; read page by page, so that no more than one is held.
 *
 * @throws SlipwayError as {@link KubeApi.list} does
 */
export async function usedGpus(api: Pick<KubeApi, "list">, signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const used = new Map<string, number>();
  const fieldSelector = "status.phase!=Succeeded,status.phase!=Failed";
  for await (const pod of eachObject(api, RESOURCES.pods, { fieldSelector, signal })) {
    const node = textAt(pod, "spec", "nodeName");
    const count = gpusOfPod(pod);
    if (node !== "" && count > 0) used.set(node, (used.get(node) ?? 0) + count);
  }
  return used;
}

/** All nodes of the cluster. Throws as {@link KubeApi.list} does. */
export async function readNodes(api: Pick<KubeApi, "list">, signal?: AbortSignal): Promise<readonly KubeObject[]> {
  const nodes: KubeObject[] = [];
  for await (const node of eachObject(api, RESOURCES.nodes, { signal })) nodes.push(node);
  return nodes;
}

/** The GPUs by product, in the order of their names. */
export function gpuProducts(nodes: readonly GpuNode[]): readonly GpuProduct[] {
  const products = new Map<string, GpuProduct>();
  for (const { product, total, free, slices, isOpen } of nodes) {
    const sum = products.get(product) ?? { product, nodes: 0, total: 0, free: 0, slices: 0 };
    products.set(product, {
      product,
      nodes: sum.nodes + 1,
      total: sum.total + total,
      free: sum.free + (isOpen ? free : 0),
      slices: sum.slices + slices,
    });
  }
  return [...products.values()].sort((left, right) => (left.product < right.product ? -1 : 1));
}
