import type { Tree, TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import type { Phase } from "@slipway/recipe";
import type { Permission, Validator } from "../../validators.ts";
import { imageOf, pullPolicyOf, type ImageChoice } from "./names.ts";

/** What all objects of a run have in common. */
export interface RunIdentity {
  readonly id: string;
  readonly namespace: string;
  /** The account that the containers run as. */
  readonly serviceAccount: string;
  readonly images: ImageChoice;
  readonly imagePullSecrets: readonly string[];
}

const LABELS = { "app.kubernetes.io/managed-by": "aicr", "app.kubernetes.io/name": "aicr" } as const;
const COMPONENT = { "app.kubernetes.io/component": "validation" } as const;

function runLabels({ id }: RunIdentity): Readonly<Record<string, string>> {
  return { "aicr.nvidia.com/run-id": id };
}

/** The namespace that validations run in. */
export function namespaceObject(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { ...COMPONENT, ...LABELS } } };
}

/** The account that the containers of a run get. */
export function serviceAccountObject(run: RunIdentity): KubeObject {
  const labels = { ...LABELS, ...runLabels(run), "app.kubernetes.io/name": "aicr-validator" };
  const metadata = { name: run.serviceAccount, namespace: run.namespace, labels };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

/** The name of the cluster-wide role and binding of a run. */
export function roleName({ id }: RunIdentity): string {
  return `aicr-validator-${id}`;
}

/** A role that holds no more than the checks of a run say they need. */
export function roleObject(run: RunIdentity, permissions: readonly Permission[]): KubeObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: roleName(run), labels: { ...LABELS, ...runLabels(run) } },
    rules: permissions.map(({ apiGroups, resources, verbs }): TreeMap => ({ apiGroups, resources, verbs })),
  };
}

/** Gives the account of a run a role. */
export function bindingObject(run: RunIdentity, role: string): KubeObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: roleName(run), labels: { ...LABELS, ...runLabels(run) } },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ kind: "ServiceAccount", name: run.serviceAccount, namespace: run.namespace }],
  };
}

/** A document that the containers of a run read. */
export function documentObject(run: RunIdentity, what: "snapshot" | "recipe", text: string): KubeObject {
  const labels = { ...runLabels(run), ...COMPONENT, ...LABELS };
  const metadata = { name: `aicr-${what}-${run.id}`, namespace: run.namespace, labels };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { [`${what}.yaml`]: text } };
}

/** The report of a phase, for those who read the cluster. */
export function reportObject(run: RunIdentity, phase: Phase, text: string): KubeObject {
  const labels = {
    "aicr.nvidia.com/phase": phase,
    "aicr.nvidia.com/report-type": "ctrf",
    ...runLabels(run),
    ...COMPONENT,
    ...LABELS,
  };
  const metadata = { name: `aicr-ctrf-${run.id}-${phase}`, namespace: run.namespace, labels };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "report.json": text } };
}

/**
 * The Job of a check, as release 0.11.1 of aicr makes it, but with the resources that the catalog names and without
 * rights on its node.
 *
 * @param name the Job's name
 * @param image absent in a catalog whose check is one of ours; such a check makes no Job
 */
export function jobObject(run: RunIdentity, name: string, validator: Validator, image: string): KubeObject {
  const own = { "aicr.nvidia.com/validator": validator.name, ...COMPONENT };
  const labels = {
    "aicr.nvidia.com/job-type": "validation",
    "aicr.nvidia.com/phase": validator.phase,
    ...runLabels(run),
    ...own,
    ...LABELS,
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: run.namespace, labels },
    spec: {
      activeDeadlineSeconds: Math.ceil(validator.timeoutMs / 1000),
      backoffLimit: 0,
      ttlSecondsAfterFinished: 3600,
      template: {
        metadata: { labels: { ...own, "app.kubernetes.io/name": "aicr" } },
        spec: podSpec(run, validator, image),
      },
    },
  };
}

function podSpec(run: RunIdentity, validator: Validator, image: string): TreeMap {
  const mounts = ["snapshot", "recipe"].map((name): TreeMap => ({ name, mountPath: `/data/${name}`, readOnly: true }));
  const chosen = imageOf(image, run.images);
  const { cpu, memory } = validator.resources;
  return {
    restartPolicy: "Never",
    serviceAccountName: run.serviceAccount,
    terminationGracePeriodSeconds: 30,
    ...(run.imagePullSecrets.length === 0 ? {} : { imagePullSecrets: run.imagePullSecrets.map((name) => ({ name })) }),
    affinity: AWAY_FROM_GPUS,
    tolerations: [{ operator: "Exists" }],
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "validator",
        image: chosen,
        imagePullPolicy: pullPolicyOf(chosen),
        args: validator.args,
        env: environment(run, validator),
        resources: { requests: { cpu, memory }, limits: { cpu, memory } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        volumeMounts: mounts,
      },
    ],
    volumes: ["snapshot", "recipe"].map((name) => ({ name, configMap: { name: `aicr-${name}-${run.id}` } })),
  };
}

/** A check looks at GPU nodes from outside, so it should not take their place. */
const AWAY_FROM_GPUS: TreeMap = {
  nodeAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        preference: { matchExpressions: [{ key: "nvidia.com/gpu.present", operator: "DoesNotExist" }] },
        weight: 100,
      },
    ],
  },
};

function environment({ id }: RunIdentity, { name, phase, env }: Validator): Tree {
  return [
    { name: "AICR_SNAPSHOT_PATH", value: "/data/snapshot/snapshot.yaml" },
    { name: "AICR_RECIPE_PATH", value: "/data/recipe/recipe.yaml" },
    { name: "AICR_VALIDATOR_NAME", value: name },
    { name: "AICR_VALIDATOR_PHASE", value: phase },
    { name: "AICR_RUN_ID", value: id },
    { name: "AICR_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    ...env.map((variable) => ({ ...variable })),
  ];
}
