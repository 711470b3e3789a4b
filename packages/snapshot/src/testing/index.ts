export { anySnapshot, foreignSnapshot } from "./any-snapshot.ts";
export { helmSecret, workload } from "../collect-cluster/testing/helm.ts";
export { gpuNode, node } from "../collect-cluster/testing/nodes.ts";
