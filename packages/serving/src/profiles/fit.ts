import type { GpuNode } from "../gpus/gpu-nodes.ts";
import { UNKNOWN_PRODUCT } from "../gpus/gpu-nodes.ts";
import type { ModelProfile } from "./manifest.ts";

/** Whether a profile can run on the GPUs of a cluster: now, once GPUs are free, never, or nobody knows. */
export interface Fit {
  readonly answer: "yes" | "busy" | "no" | "unknown";
  /** Why not, or how; empty for a plain yes. */
  readonly reason: string;
}

type Needs = Pick<ModelProfile, "gpu" | "productPattern" | "tensorParallelism" | "pipelineParallelism">;

/**
 * Whether a profile fits, by the rule of the NIM Operator (3.0 to its newest): its tag `gpu` must be a part of the node's
 * label nvidia.com/gpu.product, in any case; without the tag any GPU will do. It needs tp × pp GPUs on one node, or, with
 * pp, tp on each of pp nodes.
 *
 * @param nodes nothing where nodes must not be read
 */
export function fitOf(profile: Needs, nodes: readonly GpuNode[] | undefined): Fit {
  if (nodes === undefined) return { answer: "unknown", reason: "nodes cannot be read" };
  const offered = nodes.filter(({ total }) => total > 0);
  if (offered.length === 0 && nodes.some(({ slices }) => slices > 0))
    return { answer: "unknown", reason: "the cluster offers its GPUs in slices only (MIG)" };
  if (offered.length === 0) return { answer: "no", reason: "the cluster offers no GPUs" };
  const matches = offered.map((node) => ({ node, isMatch: isMatch(profile, node) }));
  const suited = matches.filter(({ isMatch }) => isMatch === true).map(({ node }) => node);
  if (suited.length > 0) return countFit(profile, suited);
  if (matches.some(({ isMatch }) => isMatch === undefined))
    return { answer: "unknown", reason: "the product of the GPUs is not known" };
  return { answer: "no", reason: `no ${profile.gpu || profile.productPattern} here` };
}

function countFit({ tensorParallelism, pipelineParallelism }: Needs, nodes: readonly GpuNode[]): Fit {
  const needed = tensorParallelism * pipelineParallelism;
  const free = (node: GpuNode): number => (node.isOpen ? node.free : 0);
  const spread = (count: (node: GpuNode) => number): boolean =>
    pipelineParallelism > 1 && nodes.filter((node) => count(node) >= tensorParallelism).length >= pipelineParallelism;
  const mostFree = Math.max(...nodes.map(free));
  const most = Math.max(...nodes.map(({ total }) => total));
  if (mostFree >= needed) return { answer: "yes", reason: "" };
  if (spread(free)) return { answer: "yes", reason: `on ${pipelineParallelism} nodes` };
  if (most >= needed) return { answer: "busy", reason: `${mostFree} of ${needed} free on a node` };
  if (spread(({ total }) => total)) return { answer: "busy", reason: `on ${pipelineParallelism} nodes, not free` };
  return { answer: "no", reason: `needs ${needed} on a node, there are ${most}` };
}

/** @returns nothing where it cannot be known */
function isMatch({ gpu, productPattern }: Needs, { product }: GpuNode): boolean | undefined {
  if (gpu === "" && productPattern === "") return true;
  if (product === UNKNOWN_PRODUCT) return undefined;
  if (gpu !== "") return product.toLowerCase().includes(gpu.toLowerCase());
  return matchesPattern(productPattern, product);
}

/**
 * Whether a product matches a pattern of plain text, `.*` and `|`. Other patterns are not run: the list comes from
 * outside, and a pattern can be made so that matching it takes for ever.
 */
function matchesPattern(pattern: string, product: string): boolean | undefined {
  if (!/^(?:[\w |^$-]|\.\*)*$/.test(pattern)) return undefined;
  return pattern.split("|").some((branch) => matchesInOrder(branch.replaceAll(/[\^$]/g, "").split(".*"), product));
}

function matchesInOrder(parts: readonly string[], product: string): boolean {
  const text = product.toLowerCase();
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part.toLowerCase(), at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
