import { textAt } from "@slipway/base";
import { nameOf } from "@slipway/kube";
import { fallenContainers, lastWarning } from "../case.ts";
import type { ContainerState } from "../../related/container-states.ts";
import { kubectl, patchSpec, readLog, remakeCache } from "../advice.ts";
import { restartsText } from "../evidence.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

/** The kernel ended the container because it wanted more memory than its limit. */
export const outOfMemory: Rule = (found) => {
  const [container] = fallenContainers(found);
  if (container?.ending?.reason !== "OOMKilled") return undefined;
  return {
    cause: "out-of-memory",
    verdict: "problem",
    summary: `Container ${container.name} of pod ${container.pod} wanted more memory than its limit and was ended (OOMKilled).`,
    next:
      found.kind === "NIMService"
        ? {
            text: "Raise the limit (main memory, not that of the GPU).",
            command: patchSpec(found, { resources: { limits: { memory: "64Gi" } } }),
          }
        : remakeCache(found, "Raise spec.resources.memory"),
    evidence: [endingText(container)],
  };
};

/** A pod that the node has put out. */
export const evicted: Rule = (found) => {
  const pod = found.pods.find(
    (one) => textAt(one, "status", "phase") === "Failed" && textAt(one, "status", "reason") !== "",
  );
  if (pod === undefined || found.state === "Ready") return undefined;
  const [reason, message] = [textAt(pod, "status", "reason"), textAt(pod, "status", "message")];
  return {
    cause: reason === "Evicted" ? "evicted" : "pod-failed",
    verdict: "problem",
    summary: `Pod ${nameOf(pod)} was ended by its node (${reason})${message === "" ? "." : `: ${message}`}`,
    next: {
      text: /ephemeral-storage|DiskPressure/i.test(message)
        ? "Free the disk of the node, or keep the model on a volume claim."
        : "See how the node is.",
      command: kubectl(`describe pod ${shellWord(nameOf(pod))}`, found),
    },
  };
};

/** The kubelet ends a container whose startup or liveness probe fails for too long. */
export const probe: Rule = (found) => {
  const [container] = fallenContainers(found);
  if (container === undefined) return undefined;
  const killed = found.events.findLast(
    ({ kind, name, reason, message }) =>
      kind === "Pod" &&
      name === container.pod &&
      reason === "Killing" &&
      /failed (startup|liveness) probe/i.test(message),
  );
  if (killed === undefined) return undefined;
  const isStartup = /startup/i.test(killed.message);
  const failed = lastWarning(found, "Pod", "Unhealthy");
  return {
    cause: isStartup ? "startup-too-slow" : "liveness-failed",
    verdict: "problem",
    summary: isStartup
      ? `Container ${container.name} had not loaded its model when its startup probe gave up, and was started again.`
      : `Container ${container.name} stopped answering its liveness probe and was started again.`,
    next: isStartup
      ? {
          text: "Give it more time, or keep the model in a cache (kubectl nim create nimcache), so that it is not downloaded at each start.",
          command: patchSpec(found, {
            startupProbe: {
              enabled: true,
              probe: { httpGet: { path: "/v1/health/ready", port: "api" }, periodSeconds: 10, failureThreshold: 360 },
            },
          }),
        }
      : readLog(found),
    evidence: [
      `event Killing: ${killed.message}`,
      ...(failed === undefined ? [] : [`event Unhealthy: ${failed.message}`]),
    ],
  };
};

/** What a shell and the kernel mean by an exit status. */
const MEANINGS: Readonly<Record<number, string>> = {
  126: "the command cannot be run",
  127: "the command is not in the image",
  128: "the container could not be started",
  134: "it aborted itself",
  137: "it was killed",
  139: "it reached for memory that it does not have",
  143: "it was told to end",
};

/** A container that ends with an error, and nothing that says more. */
export const crash: Rule = (found) => {
  const [container] = fallenContainers(found);
  if (container?.ending === undefined) return undefined;
  const { exitCode } = container.ending;
  const meaning = MEANINGS[exitCode];
  const log = found.logs.find(({ pod, container: name }) => pod === container.pod && name === container.name);
  return {
    cause: "container-ends",
    verdict: "problem",
    summary: `Container ${container.name} ends with exit status ${exitCode}${meaning === undefined ? "" : ` (${meaning})`}.`,
    next: readLog(found),
    evidence: [
      endingText(container),
      ...(log?.lines.slice(-SHOWN) ?? []).map((line) => `log of pod ${container.pod}: ${line.trim()}`),
    ],
  };
};

/** Lines of a log that are shown where no line tells the cause. */
const SHOWN = 5;

function endingText({ pod, name, ending, restarts }: ContainerState): string {
  const message = ending?.message.trim() ?? "";
  return `pod ${pod}, container ${name}: ${ending?.reason || "ended"}, exit status ${ending?.exitCode ?? 0}, ${restartsText(restarts)}${message === "" ? "" : `: ${message}`}`;
}
