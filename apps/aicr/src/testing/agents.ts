import { isTreeList, isTreeMap, textAt, type TreeMap } from "@slipway/base";
import { systemTimer, type Timer } from "@slipway/kube";
import { runJobs, type Cluster, type JobEnding } from "@slipway/kube/testing";

/** What an agent of a test writes: a node with one GPU. */
export function agentSnapshot(node: string, driver = "580.105.08"): string {
  return `kind: Snapshot
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  source-node: ${node}
measurements:
  - type: GPU
    subtypes:
      - subtype: smi
        data:
          driver: "${driver}"
          gpu-count: 1
          gpu.model: NVIDIA H100 80GB HBM3
`;
}

/** How an agent of a test ends. */
export interface AgentEnding extends JobEnding {
  /** What it writes; nothing for an empty text. */
  readonly snapshot?: string;
}

/** The kinds that a run of the agent makes. */
const KINDS = ["ClusterRole", "ClusterRoleBinding", "ServiceAccount", "Role", "RoleBinding", "ConfigMap", "Job", "Pod"];

/** Options of clusters whose Jobs a test plays. */
export const AGENT_CLUSTER = { unsettled: ["Job", "Pod"] } as const;

/** Waits as in reality, but shorter. */
export const QUICK: Timer = {
  sleep: async (milliseconds, signal) => systemTimer.sleep(milliseconds / 10, signal),
};

/**
 * Plays the agents of a cluster.
 *
 * @param play says how one ends, given the node that it is for (empty: any); nothing leaves it running
 */
export function playAgents(cluster: Cluster, play: (node: string, job: TreeMap) => AgentEnding | undefined): void {
  runJobs(cluster, (job) => {
    const ending = play(nodeOf(job), job);
    if (ending?.snapshot !== undefined && ending.snapshot !== "") deliver(cluster, job, ending.snapshot);
    return ending;
  });
}

/** `Kind name` of what is there and belongs to a run. */
export function leftIn(cluster: Cluster): readonly string[] {
  return KINDS.flatMap((kind) => cluster.objects(kind).map((object) => `${kind} ${textAt(object, "metadata", "name")}`))
    .filter((line) => / aicr/.test(line))
    .map((line) => line.replace(/[0-9a-f]{8}/, "RUN"));
}

/** The end of the name of a Job of several is its node's. */
function nodeOf(job: TreeMap): string {
  return textAt(job, "metadata", "name").replace(/^[a-z0-9-]*?-[0-9a-f]{8}-?/, "");
}

/** Writes where a Job's agent would: into the ConfigMap that owns it. */
function deliver(cluster: Cluster, job: TreeMap, text: string): void {
  const { metadata } = job;
  const owners = isTreeMap(metadata) ? metadata["ownerReferences"] : [];
  const uids = isTreeList(owners) ? owners.filter(isTreeMap).map(({ uid }) => uid) : [];
  const map = cluster.objects("ConfigMap").find((object) => uids.includes(textAt(object, "metadata", "uid")));
  if (map !== undefined) cluster.put({ ...map, data: { "snapshot.yaml": text, format: "yaml" } });
}
