import { takeSnapshot, snapshotTree } from "@slipway/snapshot";
import { clusterGpuCollector, clusterReader, k8sCollector, topologyCollector } from "@slipway/snapshot/collect-cluster";
import type { KubeClient } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { VALIDATE_AGENT_FLAGS } from "../flags/validate-flags.ts";
import type { ClusterOnce } from "./cluster-once.ts";
import { readingsOfSnapshots, type Readings } from "./read-readings.ts";

/** How long each collector may take. */
const COLLECTOR_MS = 30_000;

/**
 * Measures a cluster on the spot: with `--agent`, or a flag of it, one of its nodes with a Job; else through its API alone,
 * so that what only a node can tell (settings of its system, its driver) is not in it.
 *
 * @throws SlipwayError as `runAgent` or `takeSnapshot` does
 */
export async function takeReadings(
  deps: CommandDeps,
  context: CommandContext,
  cluster: ClusterOnce,
): Promise<Readings> {
  const { agent, ...more } = VALIDATE_AGENT_FLAGS;
  if (context.read(agent) || Object.values(more).some((flag) => context.isGiven(flag))) {
    const { snapshotAgent } = await import("./snapshot-agent.ts");
    const snapshot = await snapshotAgent(deps, context, cluster);
    return readingsOfSnapshots([{ snapshot }], snapshotTree(snapshot));
  }
  return takeThroughApi(deps, context, await cluster.client());
}

async function takeThroughApi(deps: CommandDeps, context: CommandContext, client: KubeClient): Promise<Readings> {
  context.progress.show("Measuring the cluster");
  const reader = clusterReader(async () => client);
  const { snapshot, notes } = await takeSnapshot({
    collectors: [k8sCollector(reader), topologyCollector(reader), clusterGpuCollector(reader)],
    timeoutMs: COLLECTOR_MS,
    signal: deps.io.signal,
    clock: deps.clock,
    version: deps.build.version,
  });
  for (const note of notes) context.log.warn(note);
  context.log.warn(
    "no --snapshot: the cluster was measured through its API, which does not tell of settings and drivers of a node; " +
      "--agent measures on one",
  );
  return readingsOfSnapshots([{ snapshot }], snapshotTree(snapshot));
}
