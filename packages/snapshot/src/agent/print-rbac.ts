import { writeYaml } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { AGENT_LABELS } from "./names.ts";
import type { AgentOptions } from "./options.ts";
import { CLUSTER_RULES, binding, clusterRole, namespaceRules, role, serviceAccount } from "./rbac.ts";
import { distinct, requiredRights, rulesOf, usefulRights } from "./rights.ts";

/**
 * The rights that a run of the agent needs, as documents with comments for `kubectl apply`: those of the service account
 * that the agent runs as, and those of whoever starts it.
 */
export function printRbac(options: Pick<AgentOptions, "namespace" | "serviceAccountName">): string {
  const { namespace, serviceAccountName = "aicr" } = options;
  const labels = { "app.kubernetes.io/name": "aicr", "app.kubernetes.io/managed-by": "aicr" };
  const inNamespace = { name: serviceAccountName, namespace, labels };
  const clusterWide = { name: `${serviceAccountName}-node-reader`, labels };
  const subject = { namespace, serviceAccount: serviceAccountName };
  const starter = rulesOf(distinct([...requiredRights(options), ...usefulRights(namespace)]));
  const starterName = `${AGENT_LABELS["app.kubernetes.io/name"]}-snapshot-user`;
  const documents = [
    document(
      [
        `The agent runs as this service account. aicr makes one like it for each run and removes it at the end; with`,
        `--service-account-name ${serviceAccountName} it uses this one as it is, and makes and removes no rights.`,
      ],
      serviceAccount(inNamespace),
    ),
    document(
      ["What the agent reads in the whole cluster. Secrets are not among it."],
      clusterRole(clusterWide, CLUSTER_RULES),
    ),
    document([], binding("ClusterRoleBinding", clusterWide, subject)),
    document(
      [
        "Where the agent writes its snapshot. The rights that aicr makes are held to the one ConfigMap of the run; an",
        "account that stays cannot be, because each run has a ConfigMap of its own.",
      ],
      role(inNamespace, namespaceRules()),
    ),
    document([], binding("RoleBinding", inNamespace, subject)),
    ...starterDocuments(starter, starterName, namespace),
  ];
  return documents.join("---\n");
}

function starterDocuments(rules: ReturnType<typeof rulesOf>, name: string, namespace: string): readonly string[] {
  const labels = { "app.kubernetes.io/name": "aicr" };
  const cluster = document(
    [
      "What whoever runs `aicr snapshot --agent` needs in the cluster. Bind it to them:",
      `  kubectl create clusterrolebinding ${name} --clusterrole=${name} --user=NAME`,
    ],
    clusterRole({ name, labels }, rules.cluster),
  );
  const inNamespace = document(
    [
      "And in the namespace:",
      `  kubectl create rolebinding ${name} --namespace=${namespace} --role=${name} --user=NAME`,
    ],
    role({ name, namespace, labels }, rules.namespace),
  );
  return [...(rules.cluster.length === 0 ? [] : [cluster]), ...(rules.namespace.length === 0 ? [] : [inNamespace])];
}

function document(comment: readonly string[], object: KubeObject): string {
  return `${comment.map((line) => `# ${line}\n`).join("")}${writeYaml(object)}`;
}
