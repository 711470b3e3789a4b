import { expect, test } from "vitest";
import { agentObjects, ownerOf, snapshotConfigMap, snapshotJob, type RunPlan } from "./objects.ts";
import { runNames, targetNames } from "./names.ts";
import type { AgentOptions } from "./options.ts";
import { OPTIONS } from "./testing/agent-cluster.ts";

const runId = "1a2b3c4d";
const target = targetNames("aicr", runId);
const labels = {
  "app.kubernetes.io/name": "aicr",
  "app.kubernetes.io/managed-by": "aicr",
  "app.kubernetes.io/component": "snapshot-agent",
  "aicr.nvidia.com/run-id": runId,
};
const annotations = { "aicr.nvidia.com/expires": "2026-01-02T03:04:05.000Z" };

function plan(options: Partial<AgentOptions> = {}): RunPlan {
  const expires = "2026-01-02T03:04:05.000Z";
  return { options: { ...OPTIONS, ...options }, names: runNames("aicr", runId), targets: [target], expires };
}

function jobOf(options: Partial<AgentOptions> = {}) {
  return agentObjects(plan(options), { kind: "any" }).at(-1);
}

test("the objects of a run, in the order in which they are made", () => {
  const account = { name: "aicr-1a2b3c4d", namespace: "gpu", labels, annotations };
  const reader = { name: "aicr-node-reader-1a2b3c4d", labels, annotations };
  const subjects = [{ kind: "ServiceAccount", name: "aicr-1a2b3c4d", namespace: "gpu" }];
  const apiGroup = "rbac.authorization.k8s.io";
  const objects = agentObjects(plan(), { kind: "any" });
  expect(objects.slice(0, -1)).toEqual([
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: "gpu",
        labels: { "app.kubernetes.io/managed-by": "aicr", "pod-security.kubernetes.io/enforce": "privileged" },
      },
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: reader,
      rules: [
        { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
        { apiGroups: ["apps"], resources: ["daemonsets", "deployments", "statefulsets"], verbs: ["list"] },
        { apiGroups: ["nvidia.com"], resources: ["clusterpolicies"], verbs: ["list"] },
        { apiGroups: ["resource.k8s.io"], resources: ["resourceslices"], verbs: ["list"] },
      ],
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: account },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: reader,
      roleRef: { apiGroup, kind: "ClusterRole", name: "aicr-node-reader-1a2b3c4d" },
      subjects,
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: account,
      rules: [
        {
          apiGroups: [""],
          resources: ["configmaps"],
          verbs: ["get", "patch"],
          resourceNames: ["aicr-snapshot-1a2b3c4d"],
        },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: account,
      roleRef: { apiGroup, kind: "Role", name: "aicr-1a2b3c4d" },
      subjects,
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "aicr-snapshot-1a2b3c4d", namespace: "gpu", labels, annotations },
    },
  ]);
});

const EXPECTED_JOB = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "aicr-1a2b3c4d", namespace: "gpu", labels, annotations },
  spec: {
    parallelism: 1,
    completions: 1,
    completionMode: "NonIndexed",
    backoffLimit: 0,
    activeDeadlineSeconds: 80,
    ttlSecondsAfterFinished: 3600,
    template: {
      metadata: { labels },
      spec: {
        restartPolicy: "Never",
        serviceAccountName: "aicr-1a2b3c4d",
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 5,
        hostPID: true,
        hostNetwork: true,
        hostIPC: true,
        dnsPolicy: "ClusterFirstWithHostNet",
        securityContext: { runAsUser: 0, runAsGroup: 0, fsGroup: 0, fsGroupChangePolicy: "OnRootMismatch" },
        tolerations: [{ operator: "Exists" }],
        containers: [
          {
            name: "aicr",
            image: "registry.test/aicr:1",
            command: ["aicr"],
            args: ["snapshot", "-o", "cm://gpu/aicr-snapshot-1a2b3c4d"],
            env: [
              { name: "AICR_AGENT_MODE", value: "true" },
              { name: "AICR_LOG_PREFIX", value: "agent" },
              { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
              { name: "AICR_HOST_ROOT", value: "/proc/1/root" },
            ],
            resources: {
              requests: { cpu: "1", memory: "4Gi", "ephemeral-storage": "2Gi" },
              limits: { cpu: "2", memory: "8Gi", "ephemeral-storage": "4Gi" },
            },
            securityContext: {
              privileged: true,
              allowPrivilegeEscalation: true,
              runAsUser: 0,
              runAsGroup: 0,
              readOnlyRootFilesystem: true,
              capabilities: { add: ["SYS_ADMIN", "SYS_CHROOT"] },
            },
            terminationMessagePolicy: "FallbackToLogsOnError",
            volumeMounts: [
              { name: "tmp", mountPath: "/tmp" },
              { name: "run-systemd", mountPath: "/run/systemd", readOnly: true },
              { name: "host-os-release", mountPath: "/etc/os-release", readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: "tmp", emptyDir: {} },
          { name: "run-systemd", hostPath: { path: "/run/systemd", type: "Directory" } },
          { name: "host-os-release", hostPath: { path: "/etc/os-release", type: "File" } },
        ],
      },
    },
  },
};

test("the privileged Job", () => {
  expect(jobOf()).toEqual(EXPECTED_JOB);
});

test("the restricted Job, with everything that can be said", () => {
  const job = jobOf({
    privileged: false,
    serviceAccountName: "snapshots",
    imagePullSecrets: ["ngc"],
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    runtimeClass: "nvidia",
    requests: { cpu: "250m" },
    limits: { memory: "1Gi" },
    maxNodesPerEntry: 5,
    debug: true,
    snapshotArguments: ["--filter", "gpu,os"],
    timeoutMs: 300_001,
  });
  const nobody = { runAsUser: 65534, runAsGroup: 65534, runAsNonRoot: true };
  expect(job).toMatchObject({ spec: { activeDeadlineSeconds: 361 } });
  expect(job).toHaveProperty("spec.template.spec", {
    restartPolicy: "Never",
    serviceAccountName: "snapshots",
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    securityContext: { ...nobody, fsGroup: 65534, seccompProfile: { type: "RuntimeDefault" } },
    runtimeClassName: "nvidia",
    imagePullSecrets: [{ name: "ngc" }],
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    containers: [
      {
        name: "aicr",
        image: "registry.test/aicr:1",
        command: ["aicr"],
        args: ["--debug", "--log-json", "snapshot", "-o", "cm://gpu/aicr-snapshot-1a2b3c4d", "--filter", "gpu,os"],
        env: [
          { name: "AICR_AGENT_MODE", value: "true" },
          { name: "AICR_LOG_PREFIX", value: "agent" },
          { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "AICR_MAX_NODES_PER_ENTRY", value: "5" },
          { name: "NVIDIA_VISIBLE_DEVICES", value: "all" },
        ],
        resources: {
          requests: { cpu: "250m", memory: "1Gi", "ephemeral-storage": "256Mi" },
          limits: { cpu: "250m", memory: "1Gi", "ephemeral-storage": "512Mi" },
        },
        securityContext: {
          ...nobody,
          privileged: false,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }],
  });
});

test("the namespace of the restricted form asks for no level, and an account of the user for no rights", () => {
  const objects = agentObjects(plan({ privileged: false, serviceAccountName: "snapshots" }), { kind: "any" });
  expect(objects.map(({ kind }) => kind)).toEqual(["Namespace", "ConfigMap", "Job"]);
  expect(objects[0]?.metadata.labels).toEqual({ "app.kubernetes.io/managed-by": "aicr" });
});

test("Talos has no systemd whose folder could be mounted", () => {
  expect(jobOf({ os: "talos" })).toHaveProperty("spec.template.spec.volumes", [{ name: "tmp", emptyDir: {} }]);
});

test("a GPU that is required is asked for", () => {
  expect(jobOf({ requireGpu: true })).toHaveProperty("spec.template.spec.containers[0].resources.limits", {
    "nvidia.com/gpu": "1",
    cpu: "2",
    memory: "8Gi",
    "ephemeral-storage": "4Gi",
  });
});

test("an owner takes what it owns along", () => {
  const owned = { name: "aicr-snapshot-1a2b3c4d", uid: "u-1" };
  const map = { ...snapshotConfigMap(plan(), target), metadata: owned };
  const job = snapshotJob(plan(), target, { kind: "any" }, ownerOf(map));
  expect(job.metadata.ownerReferences).toEqual([{ apiVersion: "v1", kind: "ConfigMap", ...owned }]);
});
