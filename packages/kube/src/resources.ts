/** A kind of object as its address spells it. */
export interface Resource {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The name in addresses: `pods`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function namespaced(group: string, version: string, plural: string, kind: string): Resource {
  return { group, version, plural, kind, namespaced: true };
}

function clusterWide(group: string, version: string, plural: string, kind: string): Resource {
  return { group, version, plural, kind, namespaced: false };
}

const RBAC = "rbac.authorization.k8s.io";

/** The kinds that Slipway itself reads or writes; others are found with discovery. */
export const RESOURCES = {
  configMaps: namespaced("", "v1", "configmaps", "ConfigMap"),
  endpoints: namespaced("", "v1", "endpoints", "Endpoints"),
  events: namespaced("", "v1", "events", "Event"),
  namespaces: clusterWide("", "v1", "namespaces", "Namespace"),
  nodes: clusterWide("", "v1", "nodes", "Node"),
  persistentVolumeClaims: namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
  pods: namespaced("", "v1", "pods", "Pod"),
  secrets: namespaced("", "v1", "secrets", "Secret"),
  serviceAccounts: namespaced("", "v1", "serviceaccounts", "ServiceAccount"),
  services: namespaced("", "v1", "services", "Service"),
  daemonSets: namespaced("apps", "v1", "daemonsets", "DaemonSet"),
  deployments: namespaced("apps", "v1", "deployments", "Deployment"),
  replicaSets: namespaced("apps", "v1", "replicasets", "ReplicaSet"),
  statefulSets: namespaced("apps", "v1", "statefulsets", "StatefulSet"),
  apiServices: clusterWide("apiregistration.k8s.io", "v1", "apiservices", "APIService"),
  customResourceDefinitions: clusterWide(
    "apiextensions.k8s.io",
    "v1",
    "customresourcedefinitions",
    "CustomResourceDefinition",
  ),
  selfSubjectAccessReviews: clusterWide(
    "authorization.k8s.io",
    "v1",
    "selfsubjectaccessreviews",
    "SelfSubjectAccessReview",
  ),
  selfSubjectRulesReviews: clusterWide(
    "authorization.k8s.io",
    "v1",
    "selfsubjectrulesreviews",
    "SelfSubjectRulesReview",
  ),
  cronJobs: namespaced("batch", "v1", "cronjobs", "CronJob"),
  jobs: namespaced("batch", "v1", "jobs", "Job"),
  leases: namespaced("coordination.k8s.io", "v1", "leases", "Lease"),
  runtimeClasses: clusterWide("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass"),
  clusterRoleBindings: clusterWide(RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding"),
  clusterRoles: clusterWide(RBAC, "v1", "clusterroles", "ClusterRole"),
  roleBindings: namespaced(RBAC, "v1", "rolebindings", "RoleBinding"),
  roles: namespaced(RBAC, "v1", "roles", "Role"),
  deviceClasses: clusterWide("resource.k8s.io", "v1", "deviceclasses", "DeviceClass"),
  resourceSlices: clusterWide("resource.k8s.io", "v1", "resourceslices", "ResourceSlice"),
  storageClasses: clusterWide("storage.k8s.io", "v1", "storageclasses", "StorageClass"),
  clusterPolicies: clusterWide("nvidia.com", "v1", "clusterpolicies", "ClusterPolicy"),
} as const satisfies Record<string, Resource>;

/** What of a kind is meant: all, one object, or a part of it. */
export interface ResourceAddress {
  /** Absent: all namespaces, for a list. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** E.g. `status`, `log`, `scale`. */
  readonly subresource?: string | undefined;
}

/** The path of objects on the server, e.g. `/apis/batch/v1/namespaces/gpu/jobs/aicr`; names are escaped. */
export function resourcePath(resource: Resource, address: ResourceAddress = {}): string {
  const { namespace, name, subresource } = address;
  const parts = resource.group === "" ? ["api", resource.version] : ["apis", resource.group, resource.version];
  if (resource.namespaced && namespace !== undefined) parts.push("namespaces", namespace);
  parts.push(resource.plural);
  if (name !== undefined) parts.push(name);
  if (subresource !== undefined) parts.push(...subresource.split("/"));
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

/** `apiVersion` of a kind: `v1`, `batch/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}
