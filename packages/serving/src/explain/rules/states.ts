import { numberAt, valueAt } from "@slipway/base";
import { kubectl, readOperatorLog } from "../advice.ts";
import { shellWord } from "../../shell.ts";
import { NIM_KINDS } from "../../resources.ts";
import type { Case } from "../case.ts";
import type { NextStep } from "../diagnosis.ts";
import type { Rule } from "./rule.ts";

/** Seconds in which the operator looks at a new object, with the pod that reads a model's list of profiles. */
const PATIENCE = 120;

/** Nothing runs, because that was asked for. */
export const off: Rule = (found) => {
  const isOff = found.kind === "NIMService" && numberAt(found.object, "spec", "replicas") === 0;
  if (!isOff || valueAt(found.object, "spec", "scale", "enabled") === true) return undefined;
  return {
    cause: "scaled-to-zero",
    verdict: "off",
    summary: "The service is switched off (0 replicas).",
    next: { text: "Switch it on.", command: kubectl(`nim scale ${shellWord(found.name)} --replicas 1`, found) },
  };
};

/** All is well. */
export const healthy: Rule = (found) => {
  if (found.state !== "Ready") return undefined;
  return {
    cause: "none",
    verdict: "healthy",
    summary: found.kind === "NIMService" ? "The service is ready." : "The cache is filled.",
    next:
      found.kind === "NIMService"
        ? { text: "Talk to it.", command: kubectl(`nim chat ${shellWord(found.name)}`, found) }
        : {
            text: "Use it.",
            command: kubectl(`nim create nimservice NAME --nimcache-storage-name=${shellWord(found.name)}`, found),
          },
  };
};

/** An image or a model is on its way, or the model is being loaded. */
export const starting: Rule = (found) => {
  const pulling = found.containers.find(
    ({ waiting }) => waiting === "ContainerCreating" || waiting === "PodInitializing",
  );
  const running = found.containers.find(({ isRunning, isInit }) => isRunning && !isInit);
  if (running !== undefined && found.kind === "NIMService" && !running.isReady)
    return {
      cause: "model-loading",
      verdict: "under way",
      summary: `Container ${running.name} runs and is not ready yet: it loads the model, which takes up to 20 minutes.`,
      next: watch(found),
    };
  if (running !== undefined && found.kind === "NIMCache")
    return {
      cause: "model-downloading",
      verdict: "under way",
      summary: `Container ${running.name} downloads the model.`,
      next: watch(found),
    };
  if (pulling === undefined) return undefined;
  const isPulling =
    found.events.findLast(({ name, kind }) => kind === "Pod" && name === pulling.pod)?.reason === "Pulling";
  return {
    cause: isPulling ? "image-pulling" : "pod-starting",
    verdict: "under way",
    summary: isPulling ? `The image ${pulling.image} is being pulled.` : `Pod ${pulling.pod} is being started.`,
    next: watch(found),
  };
};

function watch(found: Case): NextStep {
  const { singular } = NIM_KINDS[found.kind];
  return {
    text: "Wait, and follow the log.",
    command: kubectl(`nim log stream ${singular} ${shellWord(found.name)}`, found),
  };
}

/** The operator has not looked at the object. */
export const notSeen: Rule = (found) => {
  if (found.state !== "" || found.conditions.length > 0) return undefined;
  if (found.ageSeconds < PATIENCE)
    return {
      cause: "just-created",
      verdict: "under way",
      summary: "It was made a moment ago, and the operator has not said anything about it yet.",
      next: { text: "Ask again in a minute.", command: kubectl(`nim explain ${found.target}`, found) },
    };
  return {
    cause: "not-seen",
    verdict: "problem",
    summary:
      found.operator.state === "running"
        ? "The operator runs and has not said anything about it for more than two minutes."
        : "Nobody has said anything about it for more than two minutes; whether the operator runs cannot be seen.",
    next: readOperatorLog(found.operator.namespace),
  };
};

/** The states that the operator itself calls not finished. */
export const underWay: Rule = (found) => {
  const isUnderWay = ["Started", "Pending", "InProgress", "PVC-Created"].includes(found.state) && found.pods.length > 0;
  if (!isUnderWay) return undefined;
  return {
    cause: "caching",
    verdict: "under way",
    summary: `The cache is being filled (${found.state}).`,
    next: watch(found),
  };
};
