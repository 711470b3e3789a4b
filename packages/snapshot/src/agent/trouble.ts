import { textAt, valueAt, type ErrorCode, type TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { mapsAt } from "../collect-cluster/at.ts";

/** Why a Job does not get on. */
export interface Trouble {
  readonly code: ErrorCode;
  /** What is wrong, in the words of Kubernetes where it has some. */
  readonly message: string;
  readonly hint?: string;
  /** `now`: it cannot get better; `soon`: it may, within seconds; `never`: it may at any time. */
  readonly fatal: "now" | "soon" | "never";
  /** It would befall any other Job of the run too. */
  readonly general?: boolean;
}

/** What keeps a pod from running; nothing while all goes well. */
export function pendingTrouble(pod: KubeObject, image: string): Trouble | undefined {
  const scheduled = mapsAt(pod, "status", "conditions").find(
    (condition) => textAt(condition, "type") === "PodScheduled",
  );
  if (textAt(scheduled, "status") === "False") return unschedulable(textAt(scheduled, "message"));
  const [waiting] = containersOf(pod).flatMap((status) => mapOf(valueAt(status, "state", "waiting")));
  return waiting === undefined
    ? undefined
    : waitingTrouble(textAt(waiting, "reason"), textAt(waiting, "message"), image);
}

function unschedulable(message: string): Trouble {
  const advice = [
    /taint/i.test(message) ? "tolerate the taint with --toleration" : "",
    /affinity|selector/i.test(message) ? "choose other nodes with --node-selector" : "",
    /insufficient nvidia\.com\/gpu/i.test(message)
      ? "with all GPUs taken, use --runtime-class in place of --require-gpu"
      : "",
    /insufficient (?:cpu|memory|ephemeral-storage)/i.test(message) ? "ask for less with --requests" : "",
  ].filter((text) => text !== "");
  const hint = advice.length === 0 ? "" : capital(`${advice.join("; ")}.`);
  return {
    code: "TIMED_OUT",
    message: `no node takes the pod: ${message === "" ? "the scheduler gives no reason" : message}`,
    ...(hint === "" ? {} : { hint }),
    fatal: "never",
  };
}

const IMAGE_REASONS: ReadonlySet<string> = new Set(["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable"]);
const HOPELESS_IMAGE_REASONS: ReadonlySet<string> = new Set(["InvalidImageName", "ErrImageNeverPull"]);
const CONTAINER_REASONS: ReadonlySet<string> = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "CrashLoopBackOff",
]);

function waitingTrouble(reason: string, message: string, image: string): Trouble | undefined {
  const said = message === "" ? reason : `${reason}: ${message}`;
  if (IMAGE_REASONS.has(reason) || HOPELESS_IMAGE_REASONS.has(reason)) {
    return {
      code: "UNAVAILABLE",
      message: `the image ${image} cannot be pulled (${said})`,
      hint: "Name one that the nodes can reach with --image; for a registry with a login add --image-pull-secret.",
      fatal: HOPELESS_IMAGE_REASONS.has(reason) ? "now" : "soon",
    };
  }
  if (!CONTAINER_REASONS.has(reason)) return undefined;
  return { code: "UNAVAILABLE", message: `the container does not start (${said})`, fatal: "soon" };
}

/** What keeps a Job's controller from making its pod, out of the Job's events. */
export function creationTrouble(events: readonly KubeObject[]): Trouble | undefined {
  const event = events.findLast((candidate) => textAt(candidate, "reason") === "FailedCreate");
  if (event === undefined) return undefined;
  const message = textAt(event, "message");
  const refused = `the pod is refused: ${message}`;
  if (/PodSecurity/.test(message)) {
    const label = "pod-security.kubernetes.io/enforce=privileged";
    return {
      code: "NOT_ALLOWED",
      message: refused,
      hint: `Run it with --privileged=false, in another namespace, or label the namespace ${label}.`,
      fatal: "now",
      general: true,
    };
  }
  if (/admission webhook|denied|forbidden: unable to validate/i.test(message)) {
    return { code: "NOT_ALLOWED", message: refused, fatal: "now", general: true };
  }
  if (/quota|LimitRange|maximum .* usage|minimum .* usage/i.test(message)) {
    return { code: "NOT_ALLOWED", message: refused, hint: "Ask for less with --requests and --limits.", fatal: "soon" };
  }
  return { code: "UNAVAILABLE", message: refused, fatal: "soon" };
}

/** Exit statuses of aicr itself. */
const EXITS: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [2, "INVALID_INPUT"],
  [3, "NOT_FOUND"],
  [4, "NOT_ALLOWED"],
  [5, "TIMED_OUT"],
  [6, "UNAVAILABLE"],
]);

/** Why a Job has failed, from its pod where that is still there. */
export function failure(job: KubeObject, pod: KubeObject | undefined): Trouble {
  const condition = mapsAt(job, "status", "conditions").find((candidate) => textAt(candidate, "type") === "Failed");
  const [reason, message] = [textAt(condition, "reason"), textAt(condition, "message")];
  if (reason === "DeadlineExceeded") {
    return { code: "TIMED_OUT", message: "the agent was still at work at its deadline", hint: MORE_TIME, fatal: "now" };
  }
  const own = pod === undefined ? undefined : podFailure(pod);
  if (own !== undefined) return own;
  const said = [reason, message].filter((text) => text !== "").join(": ");
  return { code: "UNAVAILABLE", message: `the agent failed${said === "" ? "" : ` (${said})`}`, fatal: "now" };
}

/** What to do when time ran out. */
export const MORE_TIME = "Give it more time with --timeout.";

function podFailure(pod: KubeObject): Trouble | undefined {
  const [reason, message] = [textAt(pod, "status", "reason"), textAt(pod, "status", "message")];
  if (reason !== "") {
    const said = message === "" ? reason : `${reason}: ${message}`;
    return { code: "UNAVAILABLE", message: `the pod was ended by the node (${said})`, fatal: "now" };
  }
  const [ended] = containersOf(pod).flatMap((status) => mapOf(valueAt(status, "state", "terminated")));
  if (ended === undefined) return undefined;
  if (textAt(ended, "reason") === "OOMKilled") {
    const hint = "Give it more with --limits memory=QUANTITY.";
    return { code: "UNAVAILABLE", message: "the agent needed more memory than it may have", hint, fatal: "now" };
  }
  const status = valueAt(ended, "exitCode");
  const exitCode = typeof status === "number" ? status : -1;
  const said = lastLines(textAt(ended, "message"));
  return {
    code: EXITS.get(exitCode) ?? "UNAVAILABLE",
    message: `the agent ended with exit status ${exitCode}${said === "" ? "" : `: ${said}`}`,
    fatal: "now",
  };
}

const LINES = 3;

/** The end of a log, on one line. */
function lastLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-LINES)
    .join(" / ");
}

function containersOf(pod: KubeObject): readonly TreeMap[] {
  return [...mapsAt(pod, "status", "initContainerStatuses"), ...mapsAt(pod, "status", "containerStatuses")];
}

function mapOf(value: ReturnType<typeof valueAt>): readonly TreeMap[] {
  return mapsAt({ list: value === undefined ? [] : [value] }, "list");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
