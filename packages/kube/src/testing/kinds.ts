import { isTreeMap, listAt, mapAt, textAt, valueAt, type TreeMap } from "@slipway/base";
import type { Resource } from "../resources.ts";

/** A kind of object that the server stores. */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** Whether `status` is written through its own subresource, as it is for every built-in kind. */
  readonly hasStatus: boolean;
}

/** The kind of the homes of the other objects. */
export const NAMESPACE: Kind = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  hasStatus: true,
};

const TABLE = `
  v1 Node nodes cluster no
  v1 PersistentVolume persistentvolumes cluster pv
  v1 ConfigMap configmaps namespaced cm
  v1 Endpoints endpoints namespaced ep
  v1 Event events namespaced ev
  v1 LimitRange limitranges namespaced limits
  v1 PersistentVolumeClaim persistentvolumeclaims namespaced pvc
  v1 Pod pods namespaced po
  v1 ResourceQuota resourcequotas namespaced quota
  v1 Secret secrets namespaced -
  v1 Service services namespaced svc
  v1 ServiceAccount serviceaccounts namespaced sa
  apps/v1 DaemonSet daemonsets namespaced ds
  apps/v1 Deployment deployments namespaced deploy
  apps/v1 ReplicaSet replicasets namespaced rs
  apps/v1 StatefulSet statefulsets namespaced sts
  batch/v1 CronJob cronjobs namespaced cj
  batch/v1 Job jobs namespaced -
  coordination.k8s.io/v1 Lease leases namespaced -
  networking.k8s.io/v1 NetworkPolicy networkpolicies namespaced netpol
  node.k8s.io/v1 RuntimeClass runtimeclasses cluster -
  rbac.authorization.k8s.io/v1 ClusterRole clusterroles cluster -
  rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings cluster -
  rbac.authorization.k8s.io/v1 Role roles namespaced -
  rbac.authorization.k8s.io/v1 RoleBinding rolebindings namespaced -
  resource.k8s.io/v1 DeviceClass deviceclasses cluster -
  resource.k8s.io/v1 ResourceClaim resourceclaims namespaced -
  resource.k8s.io/v1 ResourceClaimTemplate resourceclaimtemplates namespaced -
  resource.k8s.io/v1 ResourceSlice resourceslices cluster -
  storage.k8s.io/v1 StorageClass storageclasses cluster sc
  scheduling.k8s.io/v1 PriorityClass priorityclasses cluster pc
  apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions cluster crd
  apiregistration.k8s.io/v1 APIService apiservices cluster -
  admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations cluster -
  admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations cluster -
`;

/** The kinds that the server knows from the start. */
export const BUILT_IN_KINDS: readonly Kind[] = [NAMESPACE, ...TABLE.trim().split("\n").map(kindOfLine)];

function kindOfLine(line: string): Kind {
  const [apiVersion = "", kind = "", plural = "", scope = "", shortName = "-"] = line.trim().split(" ");
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const shortNames = shortName === "-" ? [] : [shortName];
  return { group, version, kind, plural, shortNames, namespaced: scope === "namespaced", hasStatus: true };
}

/** `v1`, or `apps/v1`. */
export function apiVersionOf(kind: Kind): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** The kinds that a CustomResourceDefinition adds: one for each served version. */
export function kindsOfDefinition(definition: TreeMap): readonly Kind[] {
  const names = mapAt(definition, "spec", "names");
  const versions = listAt(definition, "spec", "versions");
  return versions.filter(isTreeMap).map((version) => ({
    group: textAt(definition, "spec", "group"),
    version: textAt(version, "name"),
    kind: textAt(names, "kind"),
    plural: textAt(names, "plural"),
    shortNames: listAt(names, "shortNames").map(String),
    namespaced: textAt(definition, "spec", "scope") === "Namespaced",
    hasStatus: valueAt(version, "subresources", "status") !== undefined,
  }));
}

/** A kind that a test adds without a definition. */
export function kindOfResource({ group, version, kind, plural, namespaced }: Resource): Kind {
  return { group, version, kind, plural, shortNames: [], namespaced, hasStatus: true };
}
