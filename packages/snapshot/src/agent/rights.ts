import { RESOURCES, type Resource } from "@slipway/kube";
import type { AgentOptions } from "./options.ts";
import { CLUSTER_RULES, namespaceRules, type Rule } from "./rbac.ts";

/** One thing that somebody must be allowed to do. */
export interface Right {
  readonly verb: string;
  /** API group; empty for the core group. */
  readonly group: string;
  /** `pods`, or `pods/log`. */
  readonly resource: string;
  /** Absent: in the whole cluster. */
  readonly namespace?: string | undefined;
}

/** Objects that a run makes, reads and removes. */
const OBJECTS: readonly { readonly resource: Resource; readonly verbs: readonly string[]; readonly own: boolean }[] = [
  { resource: RESOURCES.configMaps, verbs: ["create", "get", "delete"], own: false },
  { resource: RESOURCES.jobs, verbs: ["create", "get", "delete"], own: false },
  { resource: RESOURCES.serviceAccounts, verbs: ["create", "delete"], own: true },
  { resource: RESOURCES.roles, verbs: ["create", "delete"], own: true },
  { resource: RESOURCES.roleBindings, verbs: ["create", "delete"], own: true },
  { resource: RESOURCES.clusterRoles, verbs: ["create", "delete"], own: true },
  { resource: RESOURCES.clusterRoleBindings, verbs: ["create", "delete"], own: true },
];

/**
 * What whoever starts a run must be allowed to do. That is also everything that the agent itself may do: Kubernetes lets
 * nobody hand out rights that they do not have. With a service account of the user no rights are made.
 */
export function requiredRights({
  namespace,
  serviceAccountName,
}: Pick<AgentOptions, "namespace" | "serviceAccountName">): readonly Right[] {
  const makesRights = serviceAccountName === undefined;
  const objects = OBJECTS.filter(({ own }) => makesRights || !own).flatMap(({ resource, verbs }) =>
    verbs.map((verb): Right => {
      const right = { verb, group: resource.group, resource: resource.plural };
      return resource.namespaced ? { ...right, namespace } : right;
    }),
  );
  const watching: readonly Right[] = [
    { verb: "list", group: "", resource: "pods", namespace },
    { verb: "get", group: "", resource: "pods/log", namespace },
  ];
  const handedOut = makesRights
    ? [
        ...CLUSTER_RULES.flatMap((rule) => rightsOf(rule)),
        ...namespaceRules().flatMap((rule) => rightsOf(rule, namespace)),
      ]
    : [];
  return distinct([...objects, ...watching, ...handedOut]);
}

/** What a run does without when it is not allowed: it then explains less, and leaves what killed runs left behind. */
export function usefulRights(namespace: string): readonly Right[] {
  return [
    { verb: "list", group: "", resource: "events", namespace },
    { verb: "get", group: "", resource: "serviceaccounts", namespace },
    { verb: "list", group: "", resource: "configmaps", namespace },
    { verb: "get", group: "", resource: "namespaces" },
    { verb: "list", group: "", resource: "nodes" },
    { verb: "get", group: "node.k8s.io", resource: "runtimeclasses" },
    { verb: "list", group: RESOURCES.clusterRoles.group, resource: "clusterroles" },
  ];
}

function rightsOf({ apiGroups, resources, verbs }: Rule, namespace?: string): readonly Right[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb): Right => ({ verb, group, resource, namespace }))),
  );
}

/** Without repeats. */
export function distinct(rights: readonly Right[]): readonly Right[] {
  const byText = new Map(rights.map((right) => [describeRight(right), right]));
  return [...byText.values()];
}

/** `create jobs.batch in the namespace gpu`, as messages name a right. */
export function describeRight({ verb, group, resource, namespace }: Right): string {
  const [plural = "", subresource] = resource.split("/");
  const kind = `${plural}${group === "" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`;
  return `${verb} ${kind} ${namespace === undefined ? "in the cluster" : `in the namespace ${namespace}`}`;
}

/** Rules that grant rights: of the cluster, and of the namespace. Verbs of one resource stand together. */
export function rulesOf(rights: readonly Right[]): {
  readonly cluster: readonly Rule[];
  readonly namespace: readonly Rule[];
} {
  return {
    cluster: grouped(rights.filter(({ namespace }) => namespace === undefined)),
    namespace: grouped(rights.filter(({ namespace }) => namespace !== undefined)),
  };
}

function grouped(rights: readonly Right[]): readonly Rule[] {
  const verbs = new Map<string, { readonly right: Right; readonly verbs: string[] }>();
  for (const right of rights) {
    const key = `${right.group} ${right.resource}`;
    const known = verbs.get(key);
    if (known === undefined) verbs.set(key, { right, verbs: [right.verb] });
    else known.verbs.push(right.verb);
  }
  return [...verbs.values()].map(({ right, verbs }) => ({
    apiGroups: [right.group],
    resources: [right.resource],
    verbs,
  }));
}
