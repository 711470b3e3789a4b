import type { KubeClient } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";

/** A client for the cluster that the flags of a command choose. Errors as {@link CommandDeps.connect}. */
export function chosenCluster(deps: Pick<CommandDeps, "connect">, { read, log }: CommandContext): Promise<KubeClient> {
  const kubeconfig = read(CLUSTER_FLAGS.kubeconfig);
  const onWarning = (text: string): void => log.warn(text);
  return deps.connect({
    kubeconfig: kubeconfig === "" ? undefined : kubeconfig,
    context: read(CLUSTER_FLAGS.context),
    onWarning,
  });
}
