import type { KubeClient } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";

/** The cluster that the flags mean, reached when it is asked for the first time. */
export interface ClusterOnce {
  client(): Promise<KubeClient>;
}

/** The cluster that the flags mean. Errors as `connect` of the dependencies. */
export function clusterOnce({ connect }: CommandDeps, { read, log }: CommandContext): ClusterOnce {
  let connected: Promise<KubeClient> | undefined;
  const choice = {
    kubeconfig: read(CLUSTER_FLAGS.kubeconfig),
    context: read(CLUSTER_FLAGS.context),
    onWarning: (sentence: string) => log.warn(sentence),
  };
  return { client: () => (connected ??= connect(choice)) };
}
