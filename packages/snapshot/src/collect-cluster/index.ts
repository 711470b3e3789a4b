export { NoCluster, clusterReader, type ClusterReader } from "./reader.ts";
export {
  clusterGpuCollector,
  clusterServicesCollector,
  k8sCollector,
  topologyCollector,
  type ClusterCollectorOptions,
} from "./collectors.ts";
export { showsGpu, withClusterGpus, withClusterServices } from "./fallback.ts";
export { helmReleases, type HelmRelease, type HelmReleases } from "./helm-releases.ts";
export { gpuEvidence, type GpuEvidence, type NodeFacts } from "./nodes.ts";
export { runningWorkloads } from "./workloads.ts";
