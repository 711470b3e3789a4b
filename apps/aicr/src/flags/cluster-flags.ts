import { textFlag } from "@slipway/terminal";

const group = "Cluster";

/** Which cluster is meant, as kubectl understands it. */
export const CLUSTER_FLAGS = {
  kubeconfig: textFlag("kubeconfig", {
    summary: "kubeconfig file, in place of KUBECONFIG and ~/.kube/config",
    group,
    placeholder: "FILE",
    short: "k",
    completion: "files",
    repeat: "last",
  }),
  context: textFlag("context", {
    summary: "context of the kubeconfig, in place of its current one",
    group,
    placeholder: "NAME",
    repeat: "last",
  }),
} as const;

/** Where in the cluster the agent runs. */
export const NAMESPACE_FLAG = textFlag("namespace", {
  summary: "namespace that the agent runs in (default that of the context)",
  group,
  placeholder: "NAMESPACE",
  short: "n",
});
