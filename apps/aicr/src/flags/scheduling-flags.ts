import { integerFlag, listFlag, textFlag, type Flag } from "@slipway/terminal";

const group = "Scheduling";

const list = (name: string, summary: string, placeholder: string): Flag<readonly string[]> =>
  listFlag(name, { summary, group, placeholder, split: true });

/** The flags that say where the parts of a bundle run. */
export const SCHEDULING_FLAGS = {
  systemNodeSelector: list("system-node-selector", "label of the nodes for system parts", "KEY=VALUE"),
  systemNodeToleration: list("system-node-toleration", "taint that system parts tolerate", "KEY=VALUE:EFFECT"),
  acceleratedNodeSelector: list("accelerated-node-selector", "label of the GPU nodes", "KEY=VALUE"),
  acceleratedNodeToleration: list("accelerated-node-toleration", "taint of the GPU nodes", "KEY=VALUE:EFFECT"),
  workloadSelector: list("workload-selector", "label of the workloads that keep a node busy", "KEY=VALUE"),
  workloadGate: textFlag("workload-gate", {
    summary: "taint that keeps workloads off a node until it is ready",
    group,
    placeholder: "KEY=VALUE:EFFECT",
    repeat: "last",
  }),
  nodes: integerFlag("nodes", {
    summary: "expected number of GPU nodes; 0 is unknown",
    group,
    placeholder: "N",
    repeat: "last",
  }),
} as const;
