import type { KubeObject, ObjectMeta, OwnerReference } from "@slipway/kube";
import { agentJob } from "./job.ts";
import { AGENT_LABELS, EXPIRES, RUN_LABEL, type RunNames, type TargetNames } from "./names.ts";
import type { AgentOptions } from "./options.ts";
import type { Placement } from "./placement.ts";
import { CLUSTER_RULES, binding, clusterRole, namespaceRules, role, serviceAccount } from "./rbac.ts";

/** What the objects of a run are made from. */
export interface RunPlan {
  readonly options: AgentOptions;
  readonly names: RunNames;
  /** One for each node that is measured. */
  readonly targets: readonly TargetNames[];
  /** RFC 3339: when the run is over for sure. */
  readonly expires: string;
}

/** The namespace of a run; the privileged form says so, because some clusters allow none by themselves. */
export function agentNamespace({ namespace, privileged }: AgentOptions): KubeObject {
  const level = (privileged ?? true) ? { "pod-security.kubernetes.io/enforce": "privileged" } : {};
  const labels = { "app.kubernetes.io/managed-by": AGENT_LABELS["app.kubernetes.io/managed-by"], ...level };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } };
}

/** The ClusterRole of a run. It owns all the other objects, so that with it everything goes. */
export function agentClusterRole(plan: RunPlan): KubeObject {
  return clusterRole(metadataOf(plan, plan.names.clusterRole), CLUSTER_RULES);
}

/** What gives the agent its rights, beside the ClusterRole; nothing with a service account of the user. */
export function agentRights(plan: RunPlan, owner?: OwnerReference): readonly KubeObject[] {
  const { options, names, targets } = plan;
  if (options.serviceAccountName !== undefined) return [];
  const subject = { namespace: options.namespace, serviceAccount: names.account };
  const inNamespace = metadataOf(plan, names.account, options.namespace, owner);
  return [
    serviceAccount(inNamespace),
    binding("ClusterRoleBinding", metadataOf(plan, names.clusterRole, undefined, owner), subject),
    role(inNamespace, namespaceRules(targets.map(({ snapshot }) => snapshot))),
    binding("RoleBinding", inNamespace, subject),
  ];
}

/** The ConfigMap that the agent writes its snapshot to; empty until then. */
export function snapshotConfigMap(plan: RunPlan, target: TargetNames, owner?: OwnerReference): KubeObject {
  const metadata = metadataOf(plan, target.snapshot, plan.options.namespace, owner);
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

/** The Job that measures; see {@link agentJob}. */
export function snapshotJob(
  plan: RunPlan,
  target: TargetNames,
  placement: Placement,
  owner?: OwnerReference,
): KubeObject {
  const metadata = metadataOf(plan, target.job, plan.options.namespace, owner);
  return agentJob(plan.options, plan.names, target, placement, metadata);
}

/** All objects of a run in the order in which they are made, without their owners, which have a uid only then. */
export function agentObjects(plan: RunPlan, placement: Placement): readonly KubeObject[] {
  return [
    agentNamespace(plan.options),
    ...(plan.options.serviceAccountName === undefined ? [agentClusterRole(plan)] : []),
    ...agentRights(plan),
    ...plan.targets.flatMap((target) => [snapshotConfigMap(plan, target), snapshotJob(plan, target, placement)]),
  ];
}

/** That an object goes when this one does. */
export function ownerOf(object: KubeObject): OwnerReference {
  const { name = "", uid = "" } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, uid };
}

function metadataOf(plan: RunPlan, name: string, namespace?: string, owner?: OwnerReference): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...AGENT_LABELS, [RUN_LABEL]: plan.names.runId },
    annotations: { [EXPIRES]: plan.expires },
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
  };
}
