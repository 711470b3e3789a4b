import { SlipwayError, listAt, numberAt, textAt } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { conditionOf, conditionsOf, currentCondition } from "../status/condition.ts";

/** Where a service is reached. */
export interface ServingPod {
  readonly pod: string;
  readonly port: number;
}

/** What NIM containers listen on unless told otherwise. */
const USUAL_PORT = 8000;
/** Set by LeaderWorkerSets; only the leader answers. */
const WORKER_LABEL = "leaderworkerset.sigs.k8s.io/worker-index";

/**
 * A pod that answers for a service, and its port: the one named `api`, else that of the service.
 *
 * @param force whether one is taken although it is not ready
 * @throws SlipwayError UNAVAILABLE when the service, or each of its pods, is not ready
 */
export function choosePod(service: KubeObject, pods: readonly KubeObject[], force: boolean): ServingPod {
  const name = nameOf(service);
  if (!force) refuseUnready(service);
  const leaders = pods.filter((pod) => ["", "0"].includes(textAt(pod, "metadata", "labels", WORKER_LABEL)));
  const running = leaders.filter((pod) => textAt(pod, "status", "phase") === "Running" && !isLeaving(pod));
  const chosen = running.find(isReady) ?? (force ? running[0] : undefined);
  if (chosen === undefined)
    throw new SlipwayError(
      "UNAVAILABLE",
      `no pod of NIMService ${name} is ${force ? "running" : "ready"} (it has ${pods.length})`,
      {
        hint: `kubectl nim explain nimservice ${name} says why.`,
      },
    );
  return { pod: nameOf(chosen), port: portOf(service, chosen) };
}

function refuseUnready(service: KubeObject): void {
  const state = textAt(service, "status", "state");
  if (state === "Ready") return;
  const name = nameOf(service);
  const said = currentCondition(conditionsOf(service))?.message.trim() ?? "";
  throw new SlipwayError(
    "UNAVAILABLE",
    `NIMService ${name} is not ready (${state || "no state"})${said === "" ? "" : `: ${said}`}`,
    {
      hint: `kubectl nim explain nimservice ${name} says why; --force tries it anyway.`,
    },
  );
}

function isLeaving(pod: KubeObject): boolean {
  return textAt(pod, "metadata", "deletionTimestamp") !== "";
}

function isReady(pod: KubeObject): boolean {
  return conditionOf(conditionsOf(pod), "Ready")?.status === "True";
}

function portOf(service: KubeObject, pod: KubeObject): number {
  const ports = listAt(pod, "spec", "containers").flatMap((container) => listAt(container, "ports"));
  const api = ports.find((port) => textAt(port, "name") === "api");
  const found =
    numberAt(api, "containerPort") ??
    numberAt(service, "spec", "expose", "service", "port") ??
    numberAt(ports[0], "containerPort") ??
    USUAL_PORT;
  return Number.isSafeInteger(found) && found > 0 && found < 65_536 ? found : USUAL_PORT;
}
