import type { KubeObject, Resource } from "@slipway/kube";
import { jobEndTemplate } from "./job-end.ts";
import { KWOK_API } from "./objects.ts";

function kwokResource(plural: string, kind: string, namespaced: boolean): Resource {
  const [group = "", version = ""] = KWOK_API.split("/");
  return { group, version, plural, kind, namespaced };
}

/** The kinds with which tests steer kwok; create objects of them like any others. */
export const KWOK_RESOURCES = {
  stages: kwokResource("stages", "Stage", false),
  logs: kwokResource("logs", "Logs", true),
  portForwards: kwokResource("portforwards", "PortForward", true),
  clusterPortForwards: kwokResource("clusterportforwards", "ClusterPortForward", false),
} as const;

/** What becomes of the pods of Jobs. */
export interface JobPlay {
  readonly namespace: string;
  /** Only pods of this Job; of every Job in the namespace unless given. */
  readonly job?: string | undefined;
  /** Milliseconds that they run. */
  readonly runsMs: number;
  /** How they end; 0 unless given. */
  readonly exitCode?: number | undefined;
}

/**
 * A Stage that decides how Jobs of a namespace end; by itself kwok lets every pod of a Job succeed at once. Create it
 * before the Job, and only one for a Job: kwok chooses at random among several.
 */
export function jobStage({ namespace, job, runsMs, exitCode = 0 }: JobPlay): KubeObject {
  return {
    apiVersion: KWOK_API,
    kind: "Stage",
    metadata: { name: `job-${namespace}${job === undefined ? "" : `-${job}`}` },
    spec: {
      resourceRef: { apiGroup: "v1", kind: "Pod" },
      selector: {
        matchExpressions: [
          ...ofNamespace(namespace),
          { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" },
          { key: ".status.phase", operator: "In", values: ["Running"] },
          { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] },
          ...(job === undefined ? [] : [{ key: ".metadata.ownerReferences.[].name", operator: "In", values: [job] }]),
        ],
      },
      // Stages without a weight, kwok's own, are passed over where one has some.
      weight: 1,
      delay: { durationMilliseconds: runsMs },
      next: {
        statusTemplate: jobEndTemplate(exitCode, exitCode === 0 ? "Completed" : "Error"),
      },
    },
  };
}

/**
 * A Stage that keeps pods of a namespace from starting: their containers wait for the reason given, e.g.
 * `ImagePullBackOff` or `ContainerCreating`. Create it before the pods.
 */
export function waitingStage(options: {
  readonly namespace: string;
  readonly reason: string;
  readonly message?: string;
}): KubeObject {
  const { namespace, reason, message = "" } = options;
  return {
    apiVersion: KWOK_API,
    kind: "Stage",
    metadata: { name: `waiting-${namespace}` },
    spec: {
      resourceRef: { apiGroup: "v1", kind: "Pod" },
      selector: {
        matchExpressions: [
          ...ofNamespace(namespace),
          { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" },
          { key: ".status.podIP", operator: "DoesNotExist" },
        ],
      },
      weight: 1,
      next: {
        statusTemplate: `
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    waiting:
      reason: ${JSON.stringify(reason)}
      message: ${JSON.stringify(message)}
{{ end }}
phase: Pending
`,
      },
    },
  };
}

function ofNamespace(namespace: string): readonly { key: string; operator: string; values: string[] }[] {
  return [{ key: ".metadata.namespace", operator: "In", values: [namespace] }];
}

/** What is known of a pod by name. */
interface PodAddress {
  readonly namespace: string;
  readonly pod: string;
}

/**
 * What `kubectl logs` of a pod shows: a file of this machine, in the form of {@link logLine}; lines that are added are
 * followed.
 */
export function podLogs({ namespace, pod, file }: PodAddress & { readonly file: string }): KubeObject {
  return {
    apiVersion: KWOK_API,
    kind: "Logs",
    metadata: { name: pod, namespace },
    spec: { logs: [{ logsFile: file, follow: true }] },
  };
}

/** A line of a log, with its end, as container runtimes write it; kwok reads no other. */
export function logLine(text: string, time: Date = new Date()): string {
  return `${time.toISOString()} stdout F ${text}\n`;
}

/** Where `kubectl port-forward` of a pod leads: a port of this machine. */
export function podPort({ namespace, pod, port }: PodAddress & { readonly port: number }): KubeObject {
  return {
    apiVersion: KWOK_API,
    kind: "PortForward",
    metadata: { name: pod, namespace },
    spec: { forwards: [{ target: { address: "127.0.0.1", port } }] },
  };
}

/** Where `kubectl port-forward` of every pod leads, whatever its port, unless {@link podPort} says otherwise. */
export function everyPodPort({ port }: { readonly port: number }): KubeObject {
  return {
    apiVersion: KWOK_API,
    kind: "ClusterPortForward",
    metadata: { name: "every-pod" },
    spec: { selector: {}, forwards: [{ target: { address: "127.0.0.1", port } }] },
  };
}
