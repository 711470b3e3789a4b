export { connect, connectTransport, type ConnectOptions, type NodeKubeClient } from "./connect.ts";
export { loadKubeconfig, mergeKubeconfigs, type KubeconfigChoice } from "./kubeconfig/load.ts";
export type { ClusterEntry, ContextEntry, Kubeconfig, Selection, UserEntry } from "./kubeconfig/model.ts";
export { parseKubeconfig } from "./kubeconfig/parse.ts";
export type { Overrides } from "./kubeconfig/override.ts";
export { selectContext } from "./kubeconfig/select.ts";
export type { Transport, TransportRequest, TransportResponse, UpgradeRequest } from "./transport.ts";
