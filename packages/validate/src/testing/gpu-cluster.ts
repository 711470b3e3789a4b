import type { TreeMap } from "@slipway/base";
import type { KubeClient } from "@slipway/kube";
import { clientOf, startCluster, type Cluster, type ClusterOptions } from "@slipway/kube/testing";

/** Kinds of operators, as their definitions would bring them. */
const KINDS = [
  ["nvidia.com", "v1", "clusterpolicies", "ClusterPolicy", false],
  ["scheduling.run.ai", "v2", "queues", "Queue", false],
  ["gateway.networking.k8s.io", "v1", "gatewayclasses", "GatewayClass", false],
  ["gateway.networking.k8s.io", "v1", "gateways", "Gateway", true],
  ["discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true],
  ["autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true],
  ["karpenter.sh", "v1", "nodepools", "NodePool", false],
  ["custom.metrics.k8s.io", "v1beta1", "pods/gpu_utilization", "MetricValueList", true],
] as const;

/** Kinds whose status is what the test puts. */
const UNSETTLED = ["Job", "Pod", "Deployment", "DaemonSet", "StatefulSet", "CustomResourceDefinition"];

/** A cluster with objects in it, and a client for it. */
export interface GpuCluster {
  readonly cluster: Cluster;
  readonly client: KubeClient;
}

/**
 * Runs an action over a cluster of the tests with the kinds of operators.
 *
 * @param without kinds that the cluster does not have
 */
export async function withGpuCluster(
  objects: readonly TreeMap[],
  action: (cluster: GpuCluster) => Promise<void>,
  { without = [], ...options }: ClusterOptions & { readonly without?: readonly string[] } = {},
): Promise<void> {
  const resources = KINDS.filter(([, , , kind]) => !without.includes(kind)).map(
    ([group, version, plural, kind, namespaced]) => ({ group, version, plural, kind, namespaced }),
  );
  const cluster = await startCluster({ unsettled: UNSETTLED, resources, ...options });
  try {
    for (const object of objects) cluster.put(object);
    await action({ cluster, client: await clientOf(cluster) });
  } finally {
    await cluster.close();
  }
}

/** A workload with some pods ready. */
export function workload(
  kind: "Deployment" | "DaemonSet" | "StatefulSet",
  path: string,
  ready = 1,
  wanted = 1,
  more: TreeMap = {},
): TreeMap {
  const [namespace = "", name = ""] = path.split("/");
  const status =
    kind === "DaemonSet"
      ? { desiredNumberScheduled: wanted, numberReady: ready }
      : { availableReplicas: ready, readyReplicas: ready };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, ...more },
    spec: {
      ...(kind === "DaemonSet" ? {} : { replicas: wanted }),
      template: { spec: { containers: [{ name: "c", image: "registry.example.com/x:v25.10.1" }] } },
    },
    status,
  };
}

/** A node with GPUs. */
export function gpuNode(
  name: string,
  gpus = "8",
  more: { readonly labels?: TreeMap; readonly info?: TreeMap } = {},
): TreeMap {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "nvidia.com/gpu.present": "true", "nvidia.com/gpu.count": "8", ...more.labels } },
    status: {
      allocatable: { "nvidia.com/gpu": gpus },
      nodeInfo: {
        kernelVersion: "6.8.0-1010-aws",
        osImage: "Ubuntu 24.04.1 LTS",
        kubeletVersion: "v1.33.1",
        containerRuntimeVersion: "containerd://1.7.24",
        operatingSystem: "linux",
        ...more.info,
      },
    },
  };
}
