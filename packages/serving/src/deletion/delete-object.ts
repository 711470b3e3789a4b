import { SlipwayError, textAt, textsAt } from "@slipway/base";
import { isForbidden, isNotFound, nameOf, waitFor, type KubeApi, type KubeObject, type Timer } from "@slipway/kube";
import { NIM_KINDS } from "../resources.ts";
import type { Cascade } from "./consequences.ts";

/** How an object is deleted. */
export interface DeletionOptions {
  readonly cascade: Cascade;
  readonly dryRun: boolean;
  /** Milliseconds that are waited until it is gone; nothing: not at all. */
  readonly waitMs: number | undefined;
  /** Takes the operator's finalizers off an object that is stuck. */
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly timer: Timer | undefined;
  readonly now: () => Date;
  /** Told before finalizers are taken off. */
  readonly onForce: (finalizers: readonly string[]) => void;
}

/** How long an object may take to go before it counts as stuck. */
const STUCK_MS = 10_000;
/** Least time that it is given here, of own clock: that of the server may be behind, and would make any object look stuck. */
const LEAST_PATIENCE_MS = 3000;
const PROPAGATION = { background: "Background", foreground: "Foreground", orphan: "Orphan" } as const;

/**
 * Deletes the very object that was looked at, and no other one of the same name, and waits until it is gone.
 *
 * @throws SlipwayError CONFLICT when another one has taken its name, TIMED_OUT when it does not go, and whatever the server
 * refuses it for
 */
export async function deleteObject(
  api: Pick<KubeApi, "delete" | "list" | "watch" | "patch">,
  object: KubeObject,
  options: DeletionOptions,
): Promise<void> {
  const { cascade, dryRun, waitMs, force, signal } = options;
  const { resource } = NIM_KINDS[object.kind === "NIMCache" ? "NIMCache" : "NIMService"];
  const uid = textAt(object, "metadata", "uid");
  try {
    await api.delete(resource, nameOf(object), {
      namespace: textAt(object, "metadata", "namespace"),
      propagation: PROPAGATION[cascade],
      ...(uid === "" ? {} : { preconditions: { uid } }),
      dryRun,
      signal,
    });
  } catch (error) {
    // Somebody else was quicker.
    if (isNotFound(error)) return;
    throw replacedError(error, object);
  }
  if (dryRun) return;
  if (force) return forceAway(api, object, options);
  if (waitMs === undefined) return;
  const left = await untilGone(api, object, waitMs, options);
  if (left !== undefined) throw stillThere(left, waitMs);
}

async function forceAway(
  api: Pick<KubeApi, "list" | "watch" | "patch">,
  object: KubeObject,
  options: DeletionOptions,
): Promise<void> {
  const { waitMs = STUCK_MS, now, onForce } = options;
  const since = Date.parse(textAt(object, "metadata", "deletionTimestamp"));
  const gone = Number.isNaN(since) ? 0 : now().getTime() - since;
  const patience = Math.min(STUCK_MS, Math.max(LEAST_PATIENCE_MS, STUCK_MS - gone));
  const stuck = await untilGone(api, object, patience, options);
  if (stuck === undefined) return;
  const finalizers = textsAt(stuck, "metadata", "finalizers");
  const ours = finalizers.filter(isOperatorFinalizer);
  if (textAt(stuck, "metadata", "deletionTimestamp") === "" || ours.length === 0) throw stillThere(stuck, patience);
  onForce(ours);
  await takeOff(api, stuck, finalizers, options.signal);
  const left = await untilGone(api, object, waitMs, options);
  if (left !== undefined) throw stillThere(left, waitMs);
}

/** `finalizer.nimservice.apps.nvidia.com`, `apps.nvidia.com/cleanup`. */
function isOperatorFinalizer(finalizer: string): boolean {
  return /(^|\.)apps\.nvidia\.com(\/|$)/.test(finalizer);
}

/** Nothing is changed when somebody else changed the finalizers meanwhile. */
async function takeOff(
  api: Pick<KubeApi, "patch">,
  object: KubeObject,
  finalizers: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { resource } = NIM_KINDS[object.kind === "NIMCache" ? "NIMCache" : "NIMService"];
  const path = "/metadata/finalizers";
  try {
    await api.patch(
      resource,
      nameOf(object),
      {
        type: "json",
        operations: [
          { op: "test", path: "/metadata/uid", value: textAt(object, "metadata", "uid") },
          { op: "test", path, value: finalizers },
          { op: "replace", path, value: finalizers.filter((finalizer) => !isOperatorFinalizer(finalizer)) },
        ],
      },
      { namespace: textAt(object, "metadata", "namespace"), signal },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** @returns the object as it is when the time is over; nothing when it is gone */
async function untilGone(
  api: Pick<KubeApi, "list" | "watch">,
  object: KubeObject,
  timeoutMs: number,
  { signal, timer }: DeletionOptions,
): Promise<KubeObject | undefined> {
  const { resource } = NIM_KINDS[object.kind === "NIMCache" ? "NIMCache" : "NIMService"];
  let last: KubeObject | undefined = object;
  const isGone = (found: KubeObject | undefined): boolean => {
    last = found;
    return found === undefined || textAt(found, "metadata", "uid") !== textAt(object, "metadata", "uid");
  };
  try {
    await waitFor(api, resource, nameOf(object), isGone, {
      namespace: textAt(object, "metadata", "namespace"),
      until: "to be gone",
      signal,
      timeoutMs: Math.max(1, timeoutMs),
      ...(timer === undefined ? {} : { timer }),
    });
    return undefined;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "TIMED_OUT") return last ?? object;
    // Whoever may delete and not look has to take the server's word.
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function replacedError(error: unknown, object: KubeObject): unknown {
  if (!(error instanceof SlipwayError) || error.code !== "CONFLICT") return error;
  return new SlipwayError(
    "CONFLICT",
    `${object.kind} ${nameOf(object)} is another one by now, made after the one that was to be deleted; it was left alone`,
    { hint: "Look at it with kubectl nim get, and delete it then.", cause: error },
  );
}

function stillThere(object: KubeObject, waitedMs: number): SlipwayError {
  const finalizers = textsAt(object, "metadata", "finalizers");
  const name = `${object.kind} ${nameOf(object)}`;
  const operators = finalizers.filter(isOperatorFinalizer);
  const why = finalizers.length === 0 ? "" : `: it waits for ${finalizers.join(", ")}`;
  const hint =
    operators.length > 0
      ? "That is the NIM Operator's to do: does it run (kubectl nim doctor)? Without it, --force takes its finalizer off."
      : "It goes as soon as nothing holds it any more; look at it with -o yaml.";
  return new SlipwayError("TIMED_OUT", `${name} is deleted but still there after ${waitedMs / 1000} s${why}`, { hint });
}
