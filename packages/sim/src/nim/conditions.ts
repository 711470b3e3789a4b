import { isTreeMap, listAt, textAt, type TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";

/** A condition as the operator sets it. */
export interface NewCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** The conditions of an object after some were set: the time of one changes when its status does. */
export function withConditions(object: KubeObject, set: readonly NewCondition[], now: Date): readonly TreeMap[] {
  const known = listAt(object, "status", "conditions").filter(isTreeMap);
  const time = `${now.toISOString().slice(0, 19)}Z`;
  const result = new Map(known.map((condition) => [textAt(condition, "type"), condition]));
  for (const condition of set) {
    const before = result.get(condition.type);
    const isSame = before !== undefined && textAt(before, "status") === condition.status;
    const lastTransitionTime = isSame ? textAt(before, "lastTransitionTime") || time : time;
    result.set(condition.type, { ...condition, lastTransitionTime });
  }
  return [...result.values()];
}
