import type { Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS, NAMESPACE_FLAG } from "../flags/cluster-flags.ts";
import { SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";

/** `aicr snapshot`: what a node and its cluster are. */
export function snapshotCommand(deps: CommandDeps): Command {
  return {
    description:
      "Measures this machine, and the cluster that kubectl would use: operating system, services, Kubernetes, GPUs and the " +
      "taints and labels of nodes. With --agent, or any flag of the agent, it measures on a GPU node of the cluster, with " +
      "--nodes on many of them.",
    moreArgs: "ignored",
    flags: [...Object.values(SNAPSHOT_FLAGS), NAMESPACE_FLAG, ...Object.values(CLUSTER_FLAGS), CONFIG_FLAG],
    examples: [
      { meaning: "of this machine", command: "aicr snapshot -o snapshot.yaml" },
      { meaning: "of a GPU node of the cluster", command: "aicr snapshot --agent -n gpu-operator -o snapshot.yaml" },
      { meaning: "of all GPU nodes, and which of them differ", command: "aicr snapshot --nodes all -o fleet.yaml" },
      { meaning: "nothing but GPU and system", command: "aicr snapshot --filter gpu,os" },
      { meaning: "for other commands, in the cluster", command: "aicr snapshot -o cm://gpu-operator/aicr-snapshot" },
    ],
    run: async (context) => (await import("./run-snapshot.ts")).runSnapshot(deps, context),
  };
}
