import { writeYaml } from "@slipway/base";

/** What differs between the nodes of these tests. */
export interface NodeFacts {
  readonly driver?: string;
  readonly kernel?: string;
  readonly system?: string;
  readonly gpus?: number;
}

/** A small snapshot of a node with Ubuntu and H100s, as text. */
export function nodeSnapshot(facts: NodeFacts = {}): string {
  const { driver = "570.86.15", kernel = "6.8.0-1021-aws", system = "24.04", gpus = 8 } = facts;
  return writeYaml({
    kind: "Snapshot",
    apiVersion: "aicr.nvidia.com/v1alpha1",
    metadata: { timestamp: "2026-03-01T02:00:00Z", version: "v0.1.0", "source-node": "gpu-1" },
    measurements: [
      {
        type: "GPU",
        subtypes: [
          {
            subtype: "smi",
            data: { "gpu-count": gpus, driver, "cuda-version": "12.8", "gpu.model": "NVIDIA H100 80GB HBM3" },
          },
        ],
      },
      {
        type: "OS",
        subtypes: [
          { subtype: "release", data: { ID: "ubuntu", VERSION_ID: system } },
          { subtype: "sysctl", data: { "/proc/sys/kernel/osrelease": kernel } },
        ],
      },
    ],
  });
}

/** A small recipe with requirements of the nodes, as text: what `validate` and `bundle` need of one. */
export const NODE_RECIPE = writeYaml({
  kind: "RecipeResult",
  apiVersion: "aicr.nvidia.com/v1alpha1",
  metadata: { version: "v0.1.0" },
  criteria: { service: "any", accelerator: "h100", intent: "any", os: "ubuntu", platform: "any" },
  constraints: [
    { name: "OS.release.VERSION_ID", value: "24.04" },
    { name: "OS.sysctl./proc/sys/kernel/osrelease", value: ">= 6.8" },
    { name: "GPU.smi.driver", value: ">= 570.86" },
  ],
  componentRefs: [
    {
      name: "gpu-operator",
      namespace: "gpu-operator",
      chart: "gpu-operator",
      type: "Helm",
      source: "https://helm.ngc.nvidia.com/nvidia",
      version: "v25.10.1",
    },
  ],
  deploymentOrder: ["gpu-operator"],
});
