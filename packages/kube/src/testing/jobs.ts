import { listAt, mapAt, textAt, type TreeMap } from "@slipway/base";
import type { Cluster } from "./cluster.ts";

/** How a Job ends. */
export interface JobEnding {
  /** What its container says. */
  readonly log?: string;
  /** 0 unless given. */
  readonly exitCode?: number;
}

/**
 * Plays the controller and the kubelet for Jobs: makes a pod for each new one, writes its log and ends both. The cluster
 * must leave the status of Job and Pod to the test (`unsettled`).
 *
 * @param play says how a Job ends; nothing leaves its pod running
 * @returns a function that ends it
 */
export function runJobs(
  cluster: Cluster,
  play: (job: TreeMap) => JobEnding | undefined | Promise<JobEnding | undefined>,
): () => void {
  return cluster.onCreate("Job", (job) => void runJob(cluster, job, play));
}

async function runJob(cluster: Cluster, job: TreeMap, play: Parameters<typeof runJobs>[1]): Promise<void> {
  const [name, namespace] = [textAt(job, "metadata", "name"), textAt(job, "metadata", "namespace")];
  const pod = podOf(job);
  const log = cluster.log(namespace, `${name}-0`);
  cluster.put({ ...pod, status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } });
  cluster.put({ ...job, status: { active: 1 } });
  const ending = await play(job);
  if (ending === undefined) return;
  const { exitCode = 0 } = ending;
  log.write(ending.log ?? "");
  log.end();
  if (!isThere(cluster, job)) return;
  const terminated = { exitCode, reason: exitCode === 0 ? "Completed" : "Error" };
  const container = textAt(listAt(pod, "spec", "containers")[0], "name");
  const containerStatuses = [{ name: container, ready: false, restartCount: 0, state: { terminated } }];
  cluster.put({ ...pod, status: { phase: exitCode === 0 ? "Succeeded" : "Failed", containerStatuses } });
  cluster.put({ ...job, status: jobStatus(exitCode) });
}

function podOf(job: TreeMap): TreeMap {
  const template = mapAt(job, "spec", "template");
  const name = textAt(job, "metadata", "name");
  const owner = { apiVersion: "batch/v1", kind: "Job", name, uid: textAt(job, "metadata", "uid"), controller: true };
  const labels = { ...mapAt(template, "metadata", "labels"), "job-name": name, "batch.kubernetes.io/job-name": name };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${name}-0`, namespace: textAt(job, "metadata", "namespace"), labels, ownerReferences: [owner] },
    spec: mapAt(template, "spec"),
  };
}

function jobStatus(exitCode: number): TreeMap {
  if (exitCode === 0) return { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] };
  const message = "Job has reached the specified backoff limit";
  return { failed: 1, conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message }] };
}

/** A Job may have been deleted while it ran, and another one of its name been made. */
function isThere(cluster: Cluster, job: TreeMap): boolean {
  const uid = textAt(job, "metadata", "uid");
  return cluster.objects("Job").some((other) => textAt(other, "metadata", "uid") === uid);
}
