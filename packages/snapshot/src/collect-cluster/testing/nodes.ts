import type { Tree, TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";

/** What a node of a test has beside its name. */
export interface NodeParts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly TreeMap[];
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly providerID?: string;
  readonly nodeInfo?: TreeMap;
  readonly conditions?: readonly TreeMap[];
}

/** A Node object; it is ready unless told otherwise. */
export function node(name: string, parts: NodeParts = {}): KubeObject {
  const { labels = {}, taints, allocatable = {}, providerID, nodeInfo = {} } = parts;
  const { conditions = [{ type: "Ready", status: "True" }] } = parts;
  const spec: Record<string, Tree> = {};
  if (taints !== undefined) spec["taints"] = taints;
  if (providerID !== undefined) spec["providerID"] = providerID;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec,
    status: { allocatable, nodeInfo, conditions },
  };
}

/** A node with eight H100, as GPU feature discovery labels it. */
export function gpuNode(name: string): KubeObject {
  return node(name, {
    labels: {
      "kubernetes.io/hostname": name,
      "nvidia.com/gpu.present": "true",
      "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
      "nvidia.com/gpu.count": "8",
    },
    allocatable: { cpu: "192", "nvidia.com/gpu": "8" },
  });
}
