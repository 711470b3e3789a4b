import type { TreeMap } from "@slipway/base";
import { kubeObject, type KubeObject } from "@slipway/kube";
import { diagnose } from "../diagnose.ts";
import type { ClusterEvent } from "../../related/events.ts";
import type { Facts, SecretFacts } from "../facts.ts";
import { diagnosisText } from "../report.ts";

/** What tests take for the present. */
export const NOW = new Date("2026-01-02T03:04:05.000Z");

/** An object with a name in the namespace `nim`. */
export function object(kind: string, name: string, rest: TreeMap = {}, metadata: TreeMap = {}): KubeObject {
  return kubeObject({ apiVersion: "v1", kind, metadata: { name, namespace: "nim", ...metadata }, ...rest }, kind);
}

const CREATED = { creationTimestamp: "2026-01-02T02:44:05Z" };

/** A service `llama` that the operator has looked at 20 minutes ago and that is not ready. */
export function service(changes: Partial<Facts> = {}, spec: TreeMap = {}, status?: TreeMap): Facts {
  const object_ = object(
    "NIMService",
    "llama",
    {
      spec: {
        image: { repository: "nvcr.io/nim/meta/llama-3.1-8b-instruct", tag: "1.8.6", pullSecrets: ["ngc-secret"] },
        authSecret: "ngc-api-secret",
        replicas: 1,
        ...spec,
      },
      status: status ?? {
        state: "NotReady",
        conditions: [condition("Ready", "False", "NotReady", WAITING), condition("Failed", "False", "Ready", WAITING)],
      },
    },
    CREATED,
  );
  return { ...common(), kind: "NIMService", namespace: "nim", name: "llama", object: object_, ...changes };
}

const WAITING = 'Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...\n';

/** A cache `llama-cache` that is being filled since 20 minutes. */
export function cache(changes: Partial<Facts> = {}, spec: TreeMap = {}, status?: TreeMap): Facts {
  const object_ = object(
    "NIMCache",
    "llama-cache",
    {
      spec: {
        source: {
          ngc: {
            authSecret: "ngc-api-secret",
            modelPuller: "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6",
            pullSecret: "ngc-secret",
          },
        },
        storage: { pvc: { create: true, size: "100Gi", volumeAccessMode: "ReadWriteMany" } },
        ...spec,
      },
      status: status ?? {
        state: "Started",
        conditions: [condition("NIM_CACHE_JOB_CREATED", "True", "JobCreated", "The Job to cache NIM has been created")],
      },
    },
    CREATED,
  );
  return { ...common(), kind: "NIMCache", namespace: "nim", name: "llama-cache", object: object_, ...changes };
}

function common(): Omit<Facts, "kind" | "namespace" | "name" | "object"> {
  return {
    now: NOW,
    pods: [],
    workload: undefined,
    events: [],
    claim: undefined,
    storageClasses: { state: "unknown", why: "" },
    secrets: new Map([
      secret("ngc-secret", "kubernetes.io/dockerconfigjson", [".dockerconfigjson"], ["nvcr.io"]),
      secret("ngc-api-secret", "Opaque", ["NGC_API_KEY"]),
    ]),
    cache: undefined,
    operator: {
      state: "running",
      namespace: "nim-operator",
      version: "v3.1.2",
      text: "1 of 1 pod ready in namespace nim-operator",
    },
    logs: [],
    gpus: { state: "unknown", why: "" },
    gaps: [],
  };
}

/** A condition of a status. */
export function condition(type: string, status: string, reason: string, message: string): TreeMap {
  return { type, status, reason, message, lastTransitionTime: "2026-01-02T02:45:00Z" };
}

/** An entry of the secrets of facts. */
export function secret(
  name: string,
  type: string,
  keys: readonly string[],
  registries?: readonly string[],
): [string, { readonly state: "found"; readonly value: SecretFacts }] {
  return [name, { state: "found", value: { name, type, keys, registries } }];
}

/** A pod with one container `llama-ctr`, in the given state. */
export function pod(
  state: TreeMap,
  rest: { readonly status?: TreeMap; readonly spec?: TreeMap; readonly image?: string } = {},
): KubeObject {
  const image = rest.image ?? "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6";
  return object("Pod", "llama-6d4cf56db6-x7k2p", {
    spec: {
      containers: [{ name: "llama-ctr", image, resources: { limits: { "nvidia.com/gpu": "1" } } }],
      ...rest.spec,
    },
    status: {
      phase: "Pending",
      containerStatuses: [{ name: "llama-ctr", image, ready: false, restartCount: 0, ...state }],
      ...rest.status,
    },
  });
}

/** A pod whose container waits. */
export function waiting(reason: string, message: string, image?: string): KubeObject {
  return pod({ state: { waiting: { reason, message } } }, image === undefined ? {} : { image });
}

/** A pod that crashes again and again. */
export function crashing(exitCode: number, reason = "Error"): KubeObject {
  return pod(
    {
      restartCount: 4,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 1m20s restarting failed container" } },
      lastState: { terminated: { exitCode, reason } },
    },
    { status: { phase: "Running" } },
  );
}

/** A pod that no node takes. */
export function unplaced(message: string, spec: TreeMap = {}): KubeObject {
  return object("Pod", "llama-6d4cf56db6-x7k2p", {
    spec: { containers: [{ name: "llama-ctr", resources: { limits: { "nvidia.com/gpu": "2" } } }], ...spec },
    status: { phase: "Pending", conditions: [condition("PodScheduled", "False", "Unschedulable", message)] },
  });
}

/** A warning about something. */
export function warning(kind: string, name: string, reason: string, message: string, count = 1): ClusterEvent {
  return { kind, name, type: "Warning", reason, message, count, at: 1 };
}

/** The report of a diagnosis, as people see it. */
export function told(facts: Facts): string {
  const diagnosis = diagnose(facts);
  return `[${diagnosis.cause}] ${diagnosisText(diagnosis)}`;
}
