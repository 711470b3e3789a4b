import type { TreeList, TreeMap } from "@slipway/base";
import type { KubeObject, ObjectMeta } from "@slipway/kube";
import { AGENT_LABELS, RUN_LABEL, type RunNames, type TargetNames } from "./names.ts";
import type { AgentOptions } from "./options.ts";
import { placementFields, type Placement } from "./placement.ts";

/** Seconds that a Job stays when nobody deletes it. */
const TTL_SECONDS = 3600;
/** Seconds that a Job may take longer than its user waits. */
const SLACK_SECONDS = 60;

/** The Job that measures a node: one pod, no retry, gone by itself when its user is. */
export function agentJob(
  options: AgentOptions,
  run: RunNames,
  target: TargetNames,
  placement: Placement,
  metadata: ObjectMeta,
): KubeObject {
  const labels = { ...AGENT_LABELS, [RUN_LABEL]: run.runId };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    spec: {
      parallelism: 1,
      completions: 1,
      completionMode: "NonIndexed",
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(options.timeoutMs / 1000) + SLACK_SECONDS,
      ttlSecondsAfterFinished: TTL_SECONDS,
      template: { metadata: { labels }, spec: podSpec(options, run, target, placement) },
    },
  };
}

function podSpec(options: AgentOptions, run: RunNames, target: TargetNames, placement: Placement): TreeMap {
  const { imagePullSecrets = [], runtimeClass, tolerations } = options;
  const privileged = options.privileged ?? true;
  const hostPaths = privileged && options.os !== "talos" ? HOST_PATHS : [];
  return {
    restartPolicy: "Never",
    serviceAccountName: options.serviceAccountName ?? run.account,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    ...(privileged ? PRIVILEGED_POD : RESTRICTED_POD),
    ...(runtimeClass === undefined ? {} : { runtimeClassName: runtimeClass }),
    ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...placementFields(placement),
    tolerations: (tolerations ?? [{ operator: "Exists" } as const]).map((toleration): TreeMap => ({ ...toleration })),
    containers: [
      {
        name: "aicr",
        image: options.image,
        command: ["aicr"],
        args: agentArguments(options, target),
        env: environment(options, privileged),
        resources: resources(options, privileged),
        securityContext: privileged ? PRIVILEGED_CONTAINER : RESTRICTED_CONTAINER,
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          ...hostPaths.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
        ],
      },
    ],
    volumes: [
      { name: "tmp", emptyDir: {} },
      ...hostPaths.map(({ name, path, type }) => ({ name, hostPath: { path, type } })),
    ],
  };
}

/** Of the host: the sockets that systemd answers on, and what distribution it is. */
const HOST_PATHS = [
  { name: "run-systemd", path: "/run/systemd", type: "Directory" },
  { name: "host-os-release", path: "/etc/os-release", type: "File" },
] as const;

function agentArguments({ debug, namespace, snapshotArguments = [] }: AgentOptions, target: TargetNames): TreeList {
  const global = debug === true ? ["--debug", "--log-json"] : [];
  return [...global, "snapshot", "-o", `cm://${namespace}/${target.snapshot}`, ...snapshotArguments];
}

function environment({ maxNodesPerEntry, runtimeClass }: AgentOptions, privileged: boolean): TreeList {
  return [
    { name: "AICR_AGENT_MODE", value: "true" },
    { name: "AICR_LOG_PREFIX", value: "agent" },
    { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    // The first process of the host has the host's root as its own, which the agent may look into with the host's PIDs.
    ...(privileged ? [{ name: "AICR_HOST_ROOT", value: "/proc/1/root" }] : []),
    ...(maxNodesPerEntry === undefined ? [] : [{ name: "AICR_MAX_NODES_PER_ENTRY", value: String(maxNodesPerEntry) }]),
    ...(runtimeClass === undefined ? [] : [{ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }]),
  ];
}

function resources(options: AgentOptions, privileged: boolean): TreeMap {
  const { requests: asked = {}, limits: held = {}, requireGpu } = options;
  const fallback = privileged ? PRIVILEGED_RESOURCES : RESTRICTED_RESOURCES;
  const limits = { ...fallback.limits, ...asked, ...held };
  return {
    requests: { ...fallback.requests, ...held, ...asked },
    limits: requireGpu === true ? { "nvidia.com/gpu": "1", ...limits } : limits,
  };
}

const PRIVILEGED_RESOURCES = {
  requests: { cpu: "1", memory: "4Gi", "ephemeral-storage": "2Gi" },
  limits: { cpu: "2", memory: "8Gi", "ephemeral-storage": "4Gi" },
} as const;
const RESTRICTED_RESOURCES = {
  requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "256Mi" },
  limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "512Mi" },
} as const;

const PRIVILEGED_POD = {
  hostPID: true,
  hostNetwork: true,
  hostIPC: true,
  dnsPolicy: "ClusterFirstWithHostNet",
  securityContext: { runAsUser: 0, runAsGroup: 0, fsGroup: 0, fsGroupChangePolicy: "OnRootMismatch" },
} as const;
const PRIVILEGED_CONTAINER = {
  privileged: true,
  allowPrivilegeEscalation: true,
  runAsUser: 0,
  runAsGroup: 0,
  readOnlyRootFilesystem: true,
  capabilities: { add: ["SYS_ADMIN", "SYS_CHROOT"] },
} as const;

const NOBODY = { runAsUser: 65534, runAsGroup: 65534, runAsNonRoot: true } as const;
const RESTRICTED_POD = {
  securityContext: { ...NOBODY, fsGroup: 65534, seccompProfile: { type: "RuntimeDefault" } },
} as const;
const RESTRICTED_CONTAINER = {
  ...NOBODY,
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} as const;
