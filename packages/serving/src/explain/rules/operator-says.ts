import { textAt } from "@slipway/base";
import { lastWarning } from "../case.ts";
import { conditionOf } from "../../status/condition.ts";
import { kubectl, readLog, readOperatorLog, remakeCache } from "../advice.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

/** The operator cannot do what the spec asks for. */
export const reconcileFailed: Rule = (found) => {
  const condition = conditionOf(found.conditions, "NIM_CACHE_RECONCILE_FAILED");
  const event = lastWarning(found, found.kind, "ReconcileFailed");
  const said =
    condition?.status === "True" ? condition.message : found.kind === "NIMService" ? (event?.message ?? "") : "";
  if (said === "" || found.state === "Ready") return undefined;
  return {
    cause: "reconcile-failed",
    verdict: "problem",
    summary: `The operator cannot do what the spec asks for: ${said.trim()}`,
    next: readOperatorLog(found.operator.namespace),
  };
};

/** The service wants dynamic resource allocation. */
export const draUnsupported: Rule = (found) => {
  const condition = found.conditions.find(({ reason }) => reason === "DRAResourcesUnsupported");
  if (condition === undefined) return undefined;
  return {
    cause: "dra-unsupported",
    verdict: "problem",
    summary: "The spec asks for GPUs through dynamic resource allocation, which this cluster does not have.",
    next: {
      text: "Use a cluster of Kubernetes 1.33 or newer with the DRA driver of NVIDIA, or ask for GPUs by resources.limits.",
      command: "kubectl get deviceclasses",
    },
    evidence: [condition.message],
  };
};

/** The Job that fills a cache has given up, and its pods are gone ten minutes later. */
export const jobFailed: Rule = (found) => {
  const completed = conditionOf(found.conditions, "NIM_CACHE_JOB_COMPLETED");
  const failure = found.workload?.kind === "Job" ? found.workload : undefined;
  const isFailed = completed?.status === "False" || found.state === "Failed";
  if (found.kind !== "NIMCache" || !isFailed) return undefined;
  const isGone = found.pods.length === 0;
  return {
    cause: "caching-failed",
    verdict: "problem",
    summary: isGone
      ? "The Job that fills the cache has failed, and its pods with their logs are gone (they are kept for 10 minutes)."
      : "The Job that fills the cache has failed.",
    next: isGone ? remakeCache(found, "Correct what you know to be wrong, and read the log this time") : readLog(found),
    evidence: failure === undefined ? [] : [`Job ${textAt(failure, "metadata", "name")} is there`],
  };
};

/** The Deployment makes no progress, and no pod tells why. */
export const noProgress: Rule = (found) => {
  const message = found.conditions.find(({ message }) => /exceeded its progress deadline/.test(message))?.message;
  if (message === undefined || found.state === "Ready") return undefined;
  return {
    cause: "no-progress",
    verdict: "problem",
    summary: "The Deployment has made no progress for too long.",
    next: { text: "See what it waits for.", command: kubectl(`describe deployment ${shellWord(found.name)}`, found) },
    evidence: [message],
  };
};

/** KServe says what it waits for. */
export const inferenceService: Rule = (found) => {
  if (found.workload?.kind !== "InferenceService" || found.state === "Ready") return undefined;
  const failed = found.workloadConditions.find(({ status, message }) => status === "False" && message !== "");
  if (failed === undefined) return undefined;
  return {
    cause: "kserve-not-ready",
    verdict: "problem",
    summary: `KServe does not get the service up: ${failed.message.trim()}`,
    next: {
      text: "See what KServe says.",
      command: kubectl(`describe inferenceservice ${shellWord(found.name)}`, found),
    },
    evidence: [`InferenceService ${found.name}: ${failed.type} is False, ${failed.reason || "no reason given"}`],
  };
};

/** A failure that the operator reports before it has made any pod: nobody else can know more about it. */
export const failedBeforePods: Rule = (found) => {
  const says = found.conditions.some(
    ({ type, status, message }) => type === "Failed" && status === "True" && message !== "",
  );
  return says && found.pods.length === 0 ? reportedFailure(found) : undefined;
};

/** Any other failure that the operator reports. */
export const reportedFailure: Rule = (found) => {
  const condition = found.conditions.find(({ type, status }) => /fail/i.test(type) && status === "True");
  if (condition === undefined && found.state !== "Failed") return undefined;
  const said = condition?.message.trim() || condition?.reason || "it does not say why";
  return {
    cause: "reported-failure",
    verdict: "problem",
    summary: `The operator reports a failure: ${said}`,
    next: readOperatorLog(found.operator.namespace),
  };
};
