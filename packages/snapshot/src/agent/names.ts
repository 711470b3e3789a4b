/** Labels that every object of a run carries; the last one is the run's own. */
export const RUN_LABEL = "aicr.nvidia.com/run-id";
/** Annotation with the time (RFC 3339) at which the run is over for sure, so that what is left of it may go. */
export const EXPIRES = "aicr.nvidia.com/expires";
/** What all runs have in common. */
export const AGENT_LABELS = {
  "app.kubernetes.io/name": "aicr",
  "app.kubernetes.io/managed-by": "aicr",
  "app.kubernetes.io/component": "snapshot-agent",
} as const;
/** Selects the objects of all runs; a ConfigMap that was written to calls itself another component. */
export const AGENT_SELECTOR = `app.kubernetes.io/managed-by=aicr,${RUN_LABEL}`;

/** Names of the objects of one run. No two runs share a name, so they never meet. */
export interface RunNames {
  readonly runId: string;
  /** Service account, Role and RoleBinding. */
  readonly account: string;
  /** ClusterRole and ClusterRoleBinding. */
  readonly clusterRole: string;
}

/** Names of the two objects that measure one node. */
export interface TargetNames {
  readonly job: string;
  /** ConfigMap that the agent writes to. */
  readonly snapshot: string;
}

/** @param runId 8 hexadecimal digits */
export function runNames(prefix: string, runId: string): RunNames {
  return { runId, account: `${prefix}-${runId}`, clusterRole: `${prefix}-node-reader-${runId}` };
}

/** @param node its name when the run has a Job for each of several nodes */
export function targetNames(prefix: string, runId: string, node?: string): TargetNames {
  if (node === undefined) return { job: `${prefix}-${runId}`, snapshot: `${prefix}-snapshot-${runId}` };
  return { job: bounded(`${prefix}-${runId}-`, node), snapshot: bounded(`${prefix}-snapshot-${runId}-`, node) };
}

/** A run id out of a source of random numbers from 0 to 1. */
export function newRunId(random: () => number): string {
  return Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, "0");
}

/** Jobs put their name in a label of their pods, which takes 63 signs and no more. */
const LABEL_LENGTH = 63;

/** A name that ends in a node's; one that does not fit as it is gets a hash of the whole, so that two never meet. */
function bounded(start: string, node: string): string {
  const plain = node.replaceAll(".", "-");
  if (plain === node && start.length + node.length <= LABEL_LENGTH) return start + node;
  const room = LABEL_LENGTH - start.length - 9;
  return `${start}${plain.slice(0, room).replace(/-+$/, "")}-${hash(node)}`;
}

/** FNV-1a of 32 bits, 8 hexadecimal digits. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const sign of new TextEncoder().encode(text)) value = Math.imul(value ^ sign, 0x01000193) >>> 0;
  return value.toString(16).padStart(8, "0");
}
