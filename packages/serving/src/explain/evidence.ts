import { textAt } from "@slipway/base";
import type { Case } from "./case.ts";
import type { ContainerState } from "../related/container-states.ts";
import type { Finding } from "./diagnosis.ts";
import { NIM_KINDS } from "../resources.ts";
import { nameOf } from "@slipway/kube";

/** Most lines of evidence of each sort. */
const MOST = { conditions: 3, pods: 5, events: 4 } as const;

/** What a diagnosis rests on: what its rule saw, the object's state, pods, warnings, and what could not be seen. */
export function evidenceOf(found: Case, finding: Finding): readonly string[] {
  const lines = [
    ...(finding.evidence ?? []),
    stateLine(found),
    ...conditionLines(found),
    ...podLines(found),
    ...eventLines(found, finding.evidence ?? []),
    ...operatorLines(found),
    ...found.gaps.map((gap) => `not seen: ${gap}`),
  ];
  return [...new Set(lines.map((line) => line.replaceAll(/\s*\n\s*/g, " ").trim()))].filter((line) => line !== "");
}

function stateLine({ kind, name, state, namespace }: Case): string {
  return `${NIM_KINDS[kind].singular} ${namespace}/${name}: ${state || "no state yet"}`;
}

/** A condition that has nothing to say is no evidence; the operator writes the same message into several. */
function conditionLines({ conditions }: Case): readonly string[] {
  const told = new Set<string>();
  const lines = conditions
    .filter(({ message }) => {
      const isNew = message.trim() !== "" && !told.has(message);
      told.add(message);
      return isNew;
    })
    .map(({ type, status, reason, message }) => `condition ${type} is ${status} (${reason}): ${message}`);
  return lines.slice(-MOST.conditions);
}

function podLines({ pods, containers }: Case): readonly string[] {
  const lines = pods.map((pod) => {
    const own = containers.filter(({ pod: name }) => name === nameOf(pod));
    const phase = textAt(pod, "status", "phase") || "no phase";
    const states = own.map(containerText).filter((text) => text !== "");
    return `pod ${nameOf(pod)}: ${[phase, ...states].join(", ")}`;
  });
  const more = lines.length - MOST.pods;
  return more > 0 ? [...lines.slice(0, MOST.pods), `${more} more pods`] : lines;
}

function containerText({
  name,
  waiting,
  isRunning,
  isReady,
  restarts,
  isInit,
  hasEnded,
  ending,
}: ContainerState): string {
  const parts = [
    waiting,
    isRunning ? (isReady || isInit ? "running" : "running and not ready") : "",
    hasEnded && ending !== undefined ? `ended with ${ending.exitCode}` : "",
    restarts > 0 ? restartsText(restarts) : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `${name} ${parts.join(", ")}`;
}

/** `1 restart`, `4 restarts`. */
export function restartsText(count: number): string {
  return count === 1 ? "1 restart" : `${count} restarts`;
}

/** Warnings that the rule has not told already. */
function eventLines({ events }: Case, told: readonly string[]): readonly string[] {
  const warnings = events.filter(
    ({ type, message }) => type === "Warning" && !told.some((line) => message !== "" && line.includes(message)),
  );
  const newest = new Map(warnings.map((event) => [`${event.kind} ${event.name} ${event.reason}`, event]));
  return [...newest.values()]
    .slice(-MOST.events)
    .map(
      ({ kind, name, reason, message, count }) =>
        `event ${reason} of ${kind} ${name}${count > 1 ? ` (${count} times)` : ""}: ${message}`,
    );
}

function operatorLines({ operator }: Case): readonly string[] {
  return operator.state === "running" ? [] : [`operator: ${operator.text}`];
}
