import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { clusterOnce, type ClusterOnce } from "./cluster-once.ts";

/**
 * The same dependencies, which also reach documents in the cluster that the flags mean. What reaches them is loaded only
 * when one of the addresses is a `cm://`.
 *
 * @param addresses all that the command may read or write
 * @param cluster the cluster, where the command asks it for other things too
 */
export async function withDocuments(
  deps: CommandDeps,
  context: CommandContext,
  addresses: readonly (string | undefined)[],
  cluster: ClusterOnce = clusterOnce(deps, context),
): Promise<CommandDeps> {
  if (!addresses.some((address) => address?.startsWith("cm://"))) return deps;
  const { configMapDocuments } = await import("@slipway/kube");
  return { ...deps, configMaps: configMapDocuments(async () => cluster.client(), deps.clock) };
}
