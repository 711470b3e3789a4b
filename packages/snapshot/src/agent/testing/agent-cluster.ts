import { isKubeObject, type KubeObject } from "@slipway/kube";
import { clientOf, runJobs, startCluster, type Cluster, type JobEnding } from "@slipway/kube/testing";
import { RESOURCES } from "@slipway/kube";
import { mapAt, textAt, type TreeMap } from "@slipway/base";
import { pause, type AgentDeps, type AgentProgress } from "../deps.ts";
import type { AgentOptions } from "../options.ts";

/** What an agent of a test writes: a node with one GPU. */
export const SNAPSHOT = `kind: Snapshot
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  source-node: gpu-1
measurements:
  - type: GPU
    subtypes:
      - subtype: smi
        data:
          gpu-count: 1
          gpu.model: NVIDIA H100 80GB HBM3
`;

/** Options of a run in the namespace `gpu`. */
export const OPTIONS: AgentOptions = {
  namespace: "gpu",
  image: "registry.test/aicr:1",
  jobName: "aicr",
  timeoutMs: 20_000,
};

/** A cluster for agents, and what they said. */
export interface AgentCluster {
  readonly cluster: Cluster;
  readonly progress: AgentProgress[];
  readonly log: string[];
  /** Ctrl-C. */
  readonly stop: AbortController;
  readonly deps: AgentDeps;
  /** `Kind name` of what is there and belongs to a run. */
  left(): readonly string[];
  close(): Promise<void>;
}

/** How an agent of a test ends. */
export interface AgentEnding extends JobEnding {
  /** What it writes in place of {@link SNAPSHOT}; nothing for an empty text. */
  readonly snapshot?: string;
  readonly key?: string;
}

/** How the agents of a test behave; by default they write {@link SNAPSHOT} and end well. */
export interface Behaviour {
  readonly play?: (job: TreeMap) => AgentEnding | undefined | Promise<AgentEnding | undefined>;
  /** No controller makes a pod for a Job. */
  readonly idle?: boolean;
  readonly namespaces?: readonly string[];
}

/** The kinds that a run makes. */
export const KINDS = [
  "ClusterRole",
  "ClusterRoleBinding",
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "ConfigMap",
  "Job",
  "Pod",
] as const;

export async function agentCluster({
  play,
  idle = false,
  namespaces = ["gpu"],
}: Behaviour = {}): Promise<AgentCluster> {
  const cluster = await startCluster({
    namespaces,
    unsettled: ["Job", "Pod"],
    resources: [RESOURCES.runtimeClasses],
  });
  if (!idle) {
    runJobs(cluster, async (job) => {
      const ending = play === undefined ? { log: "measuring\ndone\n" } : await play(job);
      if (ending === undefined) return undefined;
      const { snapshot = SNAPSHOT, key = "snapshot.yaml", exitCode = 0 } = ending;
      if (exitCode === 0 && snapshot !== "") writeSnapshot(cluster, job, snapshot, key);
      return ending;
    });
  }
  const client = await clientOf(cluster);
  const stop = new AbortController();
  const progress: AgentProgress[] = [];
  const log: string[] = [];
  let drawn = 0;
  return {
    cluster,
    progress,
    log,
    stop,
    deps: {
      client,
      clock: { now: () => new Date() },
      random: () => ((0x1a2b3c4d + drawn++) % 0x1_0000_0000) / 0x1_0000_0000,
      signal: stop.signal,
      // As in reality, but faster.
      sleep: async (milliseconds, signal) => pause({}, milliseconds / 10, signal),
      onProgress: (event) => void progress.push(event),
      onLog: (line, node) => void log.push(node === undefined ? line : `${node}: ${line}`),
    },
    left: () =>
      KINDS.flatMap((kind) =>
        cluster
          .objects(kind)
          .filter((object) => textAt(object, "metadata", "name").startsWith("aicr"))
          .map((object) => `${kind} ${textAt(object, "metadata", "name")}`),
      ),
    close: async () => {
      client.close();
      await cluster.close();
    },
  };
}

/** Writes a snapshot where a Job's agent would, if that is still there. */
function writeSnapshot(cluster: Cluster, job: TreeMap, text: string, key: string): void {
  const [owner] = ownersOf(job);
  const map = cluster.objects("ConfigMap").find((object) => textAt(object, "metadata", "uid") === owner);
  if (map !== undefined) cluster.put({ ...map, data: { [key]: text, format: "yaml" } });
}

function ownersOf(object: TreeMap): readonly string[] {
  return isKubeObject(object) ? (object.metadata.ownerReferences ?? []).map(({ uid }) => uid) : [];
}

/** The pod that `runJobs` has made for a Job, with another status. */
export function putPodStatus(cluster: Cluster, job: TreeMap, status: TreeMap): void {
  const name = `${textAt(job, "metadata", "name")}-0`;
  const pod = cluster.objects("Pod").find((object) => textAt(object, "metadata", "name") === name);
  if (pod !== undefined) cluster.put({ ...pod, status: { ...mapAt(pod, "status"), ...status } });
}

/** An event that is about a Job. */
export function jobEvent(job: TreeMap, message: string): KubeObject {
  const [name, namespace] = [textAt(job, "metadata", "name"), textAt(job, "metadata", "namespace")];
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.1`, namespace },
    involvedObject: { kind: "Job", name, namespace },
    reason: "FailedCreate",
    message,
    type: "Warning",
  };
}
