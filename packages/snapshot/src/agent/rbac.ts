import type { TreeMap } from "@slipway/base";
import { RESOURCES, apiVersionOf, type KubeObject, type ObjectMeta } from "@slipway/kube";

/** A rule of a Role, as RBAC writes it. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/**
 * What the collectors read in the whole cluster, and nothing more: Secrets (where Helm keeps releases) are not among it, so
 * that an agent that is broken into gives none away.
 */
export const CLUSTER_RULES: readonly Rule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  { apiGroups: ["apps"], resources: ["daemonsets", "deployments", "statefulsets"], verbs: ["list"] },
  { apiGroups: ["nvidia.com"], resources: ["clusterpolicies"], verbs: ["list"] },
  { apiGroups: ["resource.k8s.io"], resources: ["resourceslices"], verbs: ["list"] },
];

/**
 * What the agent may do in its namespace: write its own ConfigMap. Whoever starts the run makes that, because RBAC cannot
 * hold the right to create to one name.
 *
 * @param names of ConfigMaps; absent: all of the namespace
 */
export function namespaceRules(names?: readonly string[]): readonly Rule[] {
  const rule = { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "patch"] };
  return [names === undefined ? rule : { ...rule, resourceNames: names }];
}

/** A rule as a document has it. */
export function ruleTree({ apiGroups, resources, verbs, resourceNames }: Rule): TreeMap {
  return { apiGroups, resources, verbs, ...(resourceNames === undefined ? {} : { resourceNames }) };
}

/** Who gets rights. */
export interface Subject {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export function serviceAccount(metadata: ObjectMeta): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

export function clusterRole(metadata: ObjectMeta, rules: readonly Rule[]): KubeObject {
  return { apiVersion: RBAC, kind: "ClusterRole", metadata, rules: rules.map(ruleTree) };
}

export function role(metadata: ObjectMeta, rules: readonly Rule[]): KubeObject {
  return { apiVersion: RBAC, kind: "Role", metadata, rules: rules.map(ruleTree) };
}

/** Binds the role of the same kind and name (`ClusterRoleBinding` to `ClusterRole`). */
export function binding(
  kind: "ClusterRoleBinding" | "RoleBinding",
  metadata: ObjectMeta,
  subject: Subject,
): KubeObject {
  return {
    apiVersion: RBAC,
    kind,
    metadata,
    roleRef: {
      apiGroup: RESOURCES.roles.group,
      kind: kind === "RoleBinding" ? "Role" : "ClusterRole",
      name: metadata.name ?? "",
    },
    subjects: [{ kind: "ServiceAccount", name: subject.serviceAccount, namespace: subject.namespace }],
  };
}

const RBAC = apiVersionOf(RESOURCES.roles);
