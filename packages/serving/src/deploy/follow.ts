import { SlipwayError, textAt } from "@slipway/base";
import { waitFor, type KubeApi, type KubeObject, type Timer } from "@slipway/kube";
import { NIM_KINDS, type NimKind } from "../resources.ts";
import { conditionsOf, currentCondition, isFailure } from "../status/condition.ts";

/** An object that is waited for. */
export interface FollowTarget {
  readonly kind: NimKind;
  readonly name: string;
  readonly namespace: string;
}

/** How an object stands, as the operator tells. */
export interface Standing {
  /** `Ready`, `InProgress`, …; empty before the operator has looked. */
  readonly state: string;
  /** What the deciding condition says. */
  readonly message: string;
}

/** How long is waited, and who is told. */
export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly timer?: Timer | undefined;
  /** Is told of each change, the first included. */
  readonly onChange: (standing: Standing) => void;
}

/**
 * Waits until the operator calls an object ready.
 *
 * @returns the object as it is then
 * @throws SlipwayError ANSWER_IS_NO when the operator calls it failed, NOT_FOUND when it is deleted meanwhile, TIMED_OUT
 */
export async function followUntilReady(
  api: Pick<KubeApi, "list" | "watch">,
  { kind, name, namespace }: FollowTarget,
  { signal, timeoutMs, timer, onChange }: FollowOptions,
): Promise<KubeObject> {
  let last: string | undefined;
  const look = (object: KubeObject | undefined): boolean => {
    if (object === undefined) throw new SlipwayError("NOT_FOUND", `${kind} "${name}" was deleted meanwhile`);
    const standing = standingOf(object);
    const told = `${standing.state}\n${standing.message}`;
    if (told !== last) onChange(standing);
    last = told;
    if (standing.state === "Failed")
      throw new SlipwayError("ANSWER_IS_NO", `${kind} "${name}" failed${said(standing.message)}`);
    return standing.state === "Ready";
  };
  const found = await waitFor(api, NIM_KINDS[kind].resource, name, look, {
    namespace,
    until: "to be ready",
    signal,
    timeoutMs,
    ...(timer === undefined ? {} : { timer }),
  });
  if (found === undefined) throw new SlipwayError("BUG", `${kind} "${name}" was accepted without being there`);
  return found;
}

/** How an object of any shape stands. */
export function standingOf(object: KubeObject): Standing {
  const conditions = conditionsOf(object);
  const current = conditions.find(isFailure) ?? currentCondition(conditions);
  return { state: textAt(object, "status", "state"), message: (current?.message ?? "").trim() };
}

function said(message: string): string {
  return message === "" ? "" : `: ${message}`;
}
