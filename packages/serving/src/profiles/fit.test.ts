import { expect, test } from "vitest";
import type { GpuNode } from "../gpus/gpu-nodes.ts";
import { fitOf } from "./fit.ts";

function node(product: string, total: number, free: number, isOpen = true): GpuNode {
  return { name: product, product, total, free, slices: 0, isOpen, hasPciLabel: true };
}

function needs(gpu: string, tensorParallelism = 1, pipelineParallelism = 1, productPattern = "") {
  return { gpu, tensorParallelism, pipelineParallelism, productPattern };
}

const H100 = "NVIDIA-H100-80GB-HBM3";

test.each([
  ["nodes that must not be read", needs("H100"), undefined, "unknown: nodes cannot be read"],
  ["no GPUs", needs("H100"), [], "no: the cluster offers no GPUs"],
  ["GPUs without a driver", needs("H100"), [node(H100, 0, 0)], "no: the cluster offers no GPUs"],
  [
    "GPUs in slices",
    needs("H100"),
    [{ ...node(H100, 0, 0), slices: 7 }],
    "unknown: the cluster offers its GPUs in slices only (MIG)",
  ],
  ["one that is free", needs("h100"), [node(H100, 8, 1)], "yes"],
  ["any GPU", needs(""), [node("NVIDIA-A10", 1, 1)], "yes"],
  ["another GPU", needs("A100"), [node(H100, 8, 8)], "no: no A100 here"],
  ["too few free", needs("H100", 4), [node(H100, 8, 2), node(H100, 8, 3)], "busy: 3 of 4 free on a node"],
  ["free on a closed node", needs("H100"), [node(H100, 8, 8, false)], "busy: 0 of 1 free on a node"],
  ["too few on a node", needs("H100", 4), [node(H100, 2, 2), node(H100, 2, 2)], "no: needs 4 on a node, there are 2"],
  ["several nodes", needs("H100", 8, 2), [node(H100, 8, 8), node(H100, 8, 8)], "yes: on 2 nodes"],
  ["several nodes in use", needs("H100", 8, 2), [node(H100, 8, 8), node(H100, 8, 7)], "busy: on 2 nodes, not free"],
  ["GPUs without a label", needs("H100"), [node("unknown", 8, 8)], "unknown: the product of the GPUs is not known"],
  ["a pattern", needs("", 1, 1, "^NVIDIA.*H100|A100"), [node(H100, 1, 1)], "yes"],
  ["a pattern of something else", needs("", 1, 1, "L40S.*x"), [node(H100, 1, 1)], "no: no L40S.*x here"],
  [
    "a pattern that is not run",
    needs("", 1, 1, "(a+)+$"),
    [node(H100, 1, 1)],
    "unknown: the product of the GPUs is not known",
  ],
])("%s", (_, profile, nodes, expected) => {
  const { answer, reason } = fitOf(profile, nodes);
  expect(reason === "" ? answer : `${answer}: ${reason}`).toBe(expected);
});
