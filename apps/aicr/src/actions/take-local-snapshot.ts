import { resolve } from "node:path";
import { SlipwayError } from "@slipway/base";
import {
  COLLECTOR_NAMES,
  parseCollectorNames,
  takeSnapshot,
  type Collector,
  type CollectorName,
  type TakenSnapshot,
} from "@slipway/snapshot";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";
import type { ClusterOnce } from "./cluster-once.ts";
import { lazyExec } from "./exec-of.ts";

/** Milliseconds that each collector has unless told. */
const COLLECTOR_MS = 60_000;

/** The collectors that ask the cluster, and nothing but the cluster. */
const OF_CLUSTER: readonly CollectorName[] = ["k8s", "topology"];

/** Those that measure this machine. */
const OF_MACHINE: readonly CollectorName[] = ["os", "systemd", "gpu"];

/** Which collectors the flags of a command choose. */
export interface Chosen {
  readonly filter: readonly CollectorName[] | undefined;
  readonly exclude: readonly CollectorName[];
}

/**
 * Reads `--filter` and `--exclude`.
 *
 * @throws SlipwayError USAGE for a name that is none, with the nearest one, and when nothing is left to measure
 */
export function chosenCollectors({ read, isGiven }: Pick<CommandContext, "read" | "isGiven">): Chosen {
  const { filter, exclude } = SNAPSHOT_FLAGS;
  const names = (flag: typeof filter): readonly CollectorName[] =>
    parseCollectorNames(read(flag).join(","), `--${flag.name}`);
  const chosen = {
    filter: isGiven(filter) ? names(filter) : undefined,
    exclude: isGiven(exclude) ? names(exclude) : [],
  };
  if (COLLECTOR_NAMES.some((name) => isChosen(chosen, name))) return chosen;
  throw new SlipwayError("USAGE", "--filter and --exclude leave nothing to measure", {
    hint: `There are ${COLLECTOR_NAMES.join(", ")}.`,
  });
}

function isChosen({ filter, exclude }: Chosen, name: CollectorName): boolean {
  return (filter === undefined || filter.includes(name)) && !exclude.includes(name);
}

/**
 * Measures the machine that this process runs on, and the cluster that its flags choose.
 *
 * @throws SlipwayError as {@link takeSnapshot} does; why a cluster that was asked for by name or by `--filter` was not reached
 */
export async function takeLocalSnapshot(
  deps: CommandDeps,
  context: CommandContext,
  cluster: ClusterOnce,
): Promise<TakenSnapshot> {
  const { read, log, progress } = context;
  const chosen = chosenCollectors(context);
  const { collectors, sourceNode } = await localCollectors(deps, context, chosen, cluster);
  progress.show("Measuring");
  const taken = await takeSnapshot({
    collectors,
    ...chosen,
    timeoutMs: read(SNAPSHOT_FLAGS.timeout) ?? COLLECTOR_MS,
    signal: deps.io.signal,
    clock: deps.clock,
    version: deps.build.version,
    sourceNode,
    onFinished: ({ name, durationMs, error }) =>
      log.debug(`${name} collector finished`, {
        duration: `${durationMs}ms`,
        ...(error === undefined ? {} : { error: error.message }),
      }),
  });
  progress.done();
  const unreached = await noCluster(taken);
  if (unreached !== undefined && wantsCluster(context, chosen)) throw unreached;
  for (const note of taken.notes) log.warn(note);
  const other = otherNode(taken);
  if (other !== undefined && OF_MACHINE.some((name) => isChosen(chosen, name)))
    log.warn(
      `this machine is no node of the cluster: OS, SystemD and GPU are of this machine, K8s.node of the node ${other}; ` +
        "--agent measures on a node",
    );
  if (taken.redacted.length > 0) log.warn("secrets were taken out", { readings: taken.redacted.join(", ") });
  return taken;
}

/** The node that stands in `K8s.node` because this machine is none and no other was named. */
function otherNode({ snapshot }: TakenSnapshot): string | undefined {
  const subtypes = snapshot.measurements.find(({ type }) => type === "K8s")?.subtypes ?? [];
  const node = subtypes.find(({ name }) => name === "node");
  const isFirst = node?.context?.get("chosen-as")?.startsWith("first ") ?? false;
  return isFirst ? String(node?.data.get("source-node")) : undefined;
}

/** A machine may be without a cluster; one that is named, or whose readings are, must answer. */
function wantsCluster({ isGiven }: Pick<CommandContext, "isGiven">, { filter = [] }: Chosen): boolean {
  const named = isGiven(CLUSTER_FLAGS.kubeconfig) || isGiven(CLUSTER_FLAGS.context);
  return named || OF_CLUSTER.some((name) => filter.includes(name));
}

async function noCluster({ partFailures }: TakenSnapshot): Promise<SlipwayError | undefined> {
  if (partFailures.length === 0) return undefined;
  const { NoCluster } = await import("@slipway/snapshot/collect-cluster");
  return partFailures.find((failure) => failure instanceof NoCluster);
}

async function localCollectors(
  deps: CommandDeps,
  context: CommandContext,
  chosen: Chosen,
  cluster: ClusterOnce,
): Promise<{ readonly collectors: readonly Collector[]; readonly sourceNode: string | undefined }> {
  const { read, isGiven } = context;
  const { gpuCollector, hostNameOf, nodeHost, osCollector, systemdCollector } =
    await import("@slipway/snapshot/collect");
  const host = nodeHost({
    exec: lazyExec(deps),
    env: deps.io.env,
    platform: deps.io.platform,
    root: await hostRoot(deps, read(SNAPSHOT_FLAGS.hostRoot)),
  });
  const hostname = hostNameOf(host);
  const nodeName = read(SNAPSHOT_FLAGS.nodeName);
  const local = { os: osCollector(host), systemd: systemdCollector(host), gpu: gpuCollector(host) };
  const sourceNode = nodeName === undefined || nodeName === "" ? hostname : nodeName;
  if (!asksCluster(chosen)) return { collectors: [local.os, local.systemd, local.gpu], sourceNode };
  // A machine may be without a cluster; one that is named, and cannot be meant, is a mistake.
  if (isGiven(CLUSTER_FLAGS.kubeconfig) || isGiven(CLUSTER_FLAGS.context)) await cluster.client();
  const { clusterGpuCollector, clusterReader, clusterServicesCollector, k8sCollector, topologyCollector, ...fallback } =
    await import("@slipway/snapshot/collect-cluster");
  const reader = clusterReader(() => cluster.client());
  const options = { nodeName, hostname, maxNodesPerEntry: read(SNAPSHOT_FLAGS.maxNodesPerEntry) };
  const collectors = [
    local.os,
    fallback.withClusterServices(local.systemd, clusterServicesCollector(reader, options)),
    fallback.withClusterGpus(local.gpu, clusterGpuCollector(reader, options)),
    k8sCollector(reader, options),
    topologyCollector(reader, options),
  ];
  return { collectors, sourceNode };
}

/** A root that is not there would leave little but what this process sees of its own kernel, and look like a node. */
async function hostRoot({ io, files }: CommandDeps, path = ""): Promise<string | undefined> {
  if (path === "") return undefined;
  // A mounted root is a directory, and so is what a link to one leads to.
  const info = await files.info(`${path}/.`);
  if (info?.kind === "directory") return resolve(io.cwd, path);
  throw new SlipwayError("NOT_FOUND", "there is no such directory", {
    place: { file: path },
    hint: "--host-root names where the root of the machine to measure is mounted.",
  });
}

/** Where neither of the collectors of the cluster is wanted, the others must not wait for it either. */
function asksCluster(chosen: Chosen): boolean {
  return OF_CLUSTER.some((name) => isChosen(chosen, name));
}
