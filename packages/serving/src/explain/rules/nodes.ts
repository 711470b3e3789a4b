import { textAt } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { shellWord } from "../../shell.ts";
import { conditionOf, conditionsOf } from "../../status/condition.ts";
import { lastWarning, type Case } from "../case.ts";
import { kubectl, patchSpec, runDoctor } from "../advice.ts";
import type { Rule } from "./rule.ts";

/** The node of a pod does not answer any more: what its kubelet said last is out of date. */
export const nodeLost: Rule = (found) => {
  if (found.state === "Ready") return undefined;
  for (const pod of found.pods) {
    const node = textAt(pod, "spec", "nodeName");
    const event = found.events.findLast(
      ({ kind, name, reason }) => kind === "Pod" && name === nameOf(pod) && reason === "NodeNotReady",
    );
    const isLost = textAt(pod, "status", "reason") === "NodeLost" || (event !== undefined && !isReady(pod));
    if (!isLost || node === "") continue;
    return {
      cause: "node-not-ready",
      verdict: "problem",
      summary: `Node ${node}, on which pod ${nameOf(pod)} runs, is not ready.`,
      next: { text: "See what the node says.", command: `kubectl describe node ${shellWord(node)}` },
      evidence: event === undefined ? [] : [`event ${event.reason} of pod ${nameOf(pod)}: ${event.message}`],
    };
  }
  return undefined;
};

function isReady(pod: KubeObject): boolean {
  return conditionOf(conditionsOf(pod), "Ready")?.status === "True";
}

/** The node cannot start the pod's containers at all. */
export const sandbox: Rule = (found) => {
  if (found.containers.some(({ isRunning }) => isRunning)) return undefined;
  const event = notStarted(found);
  if (event === undefined) return undefined;
  const { reason, message: said } = event;
  const isRuntime = /runtime.*"?nvidia"?|nvidia-container|no runtime for/i.test(said);
  return {
    cause: isRuntime ? "nvidia-runtime-missing" : "pod-not-started",
    verdict: "problem",
    summary: isRuntime ? "The NVIDIA container runtime is not set up on the node." : "The node cannot start the pod.",
    next: isRuntime
      ? runDoctor(found, "Check the GPU operator: its container toolkit sets the runtime up.")
      : { text: "See the events of the pod.", command: kubectl("get events --sort-by=.lastTimestamp", found) },
    evidence: [`${reason}: ${said}`],
  };
};

function notStarted(found: Case): { readonly reason: string; readonly message: string } | undefined {
  const event = lastWarning(found, "Pod", "FailedCreatePodSandBox", "FailedCreatePodContainer");
  if (event !== undefined) return event;
  const failed = found.containers.find(({ waiting }) => waiting === "RunContainerError");
  if (failed !== undefined) return { reason: failed.waiting, message: failed.message };
  return found.containers.map(({ ending }) => ending).find((ending) => ending?.reason === "StartError");
}

/** A volume that the node does not get. */
export const mount: Rule = (found) => {
  if (found.containers.some(({ isRunning }) => isRunning)) return undefined;
  const event = lastWarning(found, "Pod", "FailedAttachVolume", "FailedMount");
  if (event === undefined) return undefined;
  const { message } = event;
  const missing = /(secret|configmap) "([^"]+)" not found/.exec(message);
  const evidence = [`event ${event.reason}: ${message}`];
  if (missing !== null)
    return {
      cause: `volume-${missing[1] === "secret" ? "secret" : "config-map"}-missing`,
      verdict: "problem",
      summary: `The pod mounts the ${missing[1] === "secret" ? "secret" : "ConfigMap"} "${missing[2] ?? ""}", which does not exist in namespace "${found.namespace}".`,
      next: { text: "Make it.", command: kubectl(`get ${missing[1] ?? ""}s`, found) },
      evidence,
    };
  if (/multi-attach|already (?:used|exclusively attached)/i.test(message))
    return {
      cause: "volume-in-use",
      verdict: "problem",
      summary: "The volume is in use on another node, and its access mode (ReadWriteOnce) allows one node only.",
      next: {
        text: "Stop the pod on the other node, or use a claim with ReadWriteMany.",
        command: kubectl("get pods -o wide", found),
      },
      evidence,
    };
  return {
    cause: "volume-not-mounted",
    verdict: "problem",
    summary: "The node cannot mount the volume.",
    next: { text: "Check the storage system and its driver on the node.", command: kubectl("get pvc -o wide", found) },
    evidence,
  };
};

interface Refusal {
  readonly cause: string;
  readonly pattern: RegExp;
  readonly summary: (match: RegExpExecArray) => string;
  readonly text: string;
  readonly command: (place: Pick<Case, "namespace">) => string;
}

/** Why the API server does not let a controller make what it wants to make. */
const REFUSALS: readonly Refusal[] = [
  {
    cause: "quota-exceeded",
    pattern: /exceeded quota: ([^,\s]+)(?:, requested: ([^,]+))?/,
    summary: ([, quota, wanted]) =>
      `The quota "${quota ?? ""}" of the namespace is used up${wanted === undefined ? "" : ` (asked for: ${wanted})`}.`,
    text: "Free some of it, or have it raised.",
    command: (place) => kubectl("describe resourcequota", place),
  },
  {
    cause: "pod-security",
    pattern: /violates PodSecurity "([^"]+)"/,
    summary: ([, level]) => `The namespace allows only pods of the security level ${level ?? ""}.`,
    text: "Have the namespace allow such pods, or use another namespace.",
    command: ({ namespace }) => `kubectl get namespace ${namespace} --show-labels`,
  },
  {
    cause: "runtime-class-missing",
    pattern: /RuntimeClass "?([\w.-]+)"? not found|runtimeclass\S* "([^"]+)" not found/i,
    summary: ([, name, other]) => `The runtime class "${name ?? other ?? ""}" does not exist.`,
    text: "Install the GPU operator, or leave runtimeClassName out.",
    command: () => "kubectl get runtimeclasses",
  },
  {
    cause: "service-account-missing",
    pattern: /serviceaccount "([^"]+)" not found|error looking up service account \S*?\/?([\w.-]+):/i,
    summary: ([, name, other]) => `The service account "${name ?? other ?? ""}" does not exist.`,
    text: "The operator makes it; see what the operator says.",
    command: (place) => kubectl("get serviceaccounts", place),
  },
  {
    cause: "webhook-refused",
    pattern: /admission webhook "([^"]+)" denied the request: ?(.*)/s,
    summary: ([, hook, why]) => `The admission webhook ${hook ?? ""} refuses it: ${why ?? ""}`,
    text: "Change what it names.",
    command: (place) => kubectl("get events --sort-by=.lastTimestamp", place),
  },
];

/** A pod, a claim or anything else that the API server refuses to a controller. */
export const creationRefused: Rule = (found) => {
  if (found.state === "Ready") return undefined;
  const event = found.events.findLast(({ reason }) => reason === "FailedCreate" || reason === "ReconcileFailed");
  const texts = [
    ...(event === undefined ? [] : [event.message]),
    ...found.conditions
      .filter(({ type, status }) => status === "True" && /FAILED/i.test(type))
      .map(({ message }) => message),
  ];
  for (const text of texts) {
    for (const { cause, pattern, summary, text: advice, command } of REFUSALS) {
      const match = pattern.exec(text);
      if (match === null) continue;
      return {
        cause,
        verdict: "problem",
        summary: summary(match),
        next: { text: advice, command: command(found) },
        evidence: [text],
      };
    }
  }
  if (event?.reason !== "FailedCreate") return undefined;
  return {
    cause: "pods-not-created",
    verdict: "problem",
    summary: "Its pods cannot be created.",
    next: { text: "Do what the message says.", command: kubectl("get events --sort-by=.lastTimestamp", found) },
    evidence: [`event FailedCreate of ${event.kind} ${event.name}: ${event.message}`],
  };
};

/** KServe is asked for, and not there. */
export const kserveMissing: Rule = (found) => {
  const said = [...found.conditions.map(({ message }) => message), ...found.events.map(({ message }) => message)].find(
    (message) => /no matches for kind "?InferenceService/i.test(message),
  );
  if (said === undefined || found.state === "Ready") return undefined;
  return {
    cause: "kserve-missing",
    verdict: "problem",
    summary: "The service is to run on KServe, and KServe is not installed.",
    next: {
      text: "Install KServe, or let the operator itself run the service.",
      command: patchSpec(found, { inferencePlatform: "standalone" }),
    },
    evidence: [said],
  };
};
