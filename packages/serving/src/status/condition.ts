import { isTreeMap, listAt, textAt, type Tree } from "@slipway/base";

/** One condition of an object's status (`metav1.Condition`); what is missing is empty. */
export interface Condition {
  readonly type: string;
  /** `True`, `False` or `Unknown`, if the object keeps to the API's conventions. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly lastTransitionTime: string;
}

/** The conditions of an object, in its own order; what is no condition is left out. */
export function conditionsOf(object: Tree | undefined): readonly Condition[] {
  return listAt(object, "status", "conditions")
    .filter(isTreeMap)
    .map((condition) => ({
      type: textAt(condition, "type"),
      status: textAt(condition, "status"),
      reason: textAt(condition, "reason"),
      message: textAt(condition, "message"),
      lastTransitionTime: textAt(condition, "lastTransitionTime"),
    }))
    .filter(({ type }) => type !== "");
}

/** The first condition of a type. */
export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/**
 * The condition that the columns of `status` show, by the original's rule: `Failed` if it has a message, whatever its
 * status, else `Ready`, else the first with a message, else the first. A service that is not ready yet thus shows
 * `Failed/False`: see {@link currentCondition} for what is true.
 */
export function decidingCondition(conditions: readonly Condition[]): Condition | undefined {
  const failed = conditionOf(conditions, "Failed");
  if (failed !== undefined && failed.message !== "") return failed;
  return (
    conditionOf(conditions, "Ready") ??
    conditions.find((condition) => condition.message !== "") ??
    conditions.find(() => true)
  );
}

/** A type that says by its name that something went wrong. */
const BAD_NEWS = /fail|error/i;

/**
 * The condition that says how things stand: a failure that is true, else `Ready`, else, as for caches, which have
 * neither, what happened last. Among conditions of the same second the later in the list counts.
 */
export function currentCondition(conditions: readonly Condition[]): Condition | undefined {
  const failure = conditions.find(({ type, status }) => BAD_NEWS.test(type) && status === "True");
  if (failure !== undefined) return failure;
  const ready = conditionOf(conditions, "Ready");
  if (ready !== undefined) return ready;
  return conditions.reduce<Condition | undefined>(
    (newest, condition) => (newest === undefined || timeOf(condition) >= timeOf(newest) ? condition : newest),
    undefined,
  );
}

/** Whether a condition tells of a failure: of one of that name that is true, or of a cache's Job that did not complete. */
export function isFailure({ type, status, reason }: Condition): boolean {
  return (BAD_NEWS.test(type) && status === "True") || (status === "False" && BAD_NEWS.test(reason));
}

function timeOf({ lastTransitionTime }: Condition): number {
  const time = Date.parse(lastTransitionTime);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
