import { textAt } from "@slipway/base";
import { NIM_KINDS } from "../resources.ts";
import { conditionsOf, type Condition } from "../status/condition.ts";
import { containersOf, type ContainerState } from "../related/container-states.ts";
import type { ClusterEvent } from "../related/events.ts";
import type { Facts } from "./facts.ts";

/** The facts with what rules ask for most. */
export interface Case extends Facts {
  readonly containers: readonly ContainerState[];
  readonly conditions: readonly Condition[];
  /** Those of the Deployment, Job or InferenceService. */
  readonly workloadConditions: readonly Condition[];
  /** `status.state`; empty when the operator has not written one. */
  readonly state: string;
  /** Seconds since the object was made; Infinity where it does not say. */
  readonly ageSeconds: number;
  /** `nimservice/llama` */
  readonly target: string;
}

/** Reads what rules ask for out of the facts. */
export function caseOf(facts: Facts): Case {
  const { object, now, kind, name } = facts;
  const created = Date.parse(textAt(object, "metadata", "creationTimestamp"));
  return {
    ...facts,
    containers: facts.pods.flatMap(containersOf),
    conditions: conditionsOf(object),
    workloadConditions: conditionsOf(facts.workload),
    state: textAt(object, "status", "state"),
    ageSeconds: Number.isNaN(created) ? Infinity : (now.getTime() - created) / 1000,
    target: `${NIM_KINDS[kind].singular}/${name}`,
  };
}

/** The last warning with one of these reasons about a kind of object. */
export function lastWarning(facts: Facts, kind: string, ...reasons: readonly string[]): ClusterEvent | undefined {
  return facts.events.findLast((event) => event.kind === kind && reasons.includes(event.reason));
}

/**
 * The containers that do not run because they ended badly; none of those that made a cache that is filled by now.
 */
export function fallenContainers({
  kind,
  state,
  containers,
}: Pick<Case, "kind" | "state" | "containers">): readonly ContainerState[] {
  if (kind === "NIMCache" && state === "Ready") return [];
  return containers.filter(({ ending, isRunning, isReady, hasEnded, restarts }) => {
    if (ending === undefined || (ending.exitCode === 0 && ending.reason !== "OOMKilled")) return false;
    return hasEnded || (restarts > 0 && !(isRunning && isReady));
  });
}
