import { SlipwayError } from "@slipway/base";
import {
  RESOURCES,
  describeObject,
  isAlreadyExists,
  type KubeApi,
  type KubeObject,
  type Resource,
} from "@slipway/kube";
import { FIELD_MANAGER } from "../field-manager.ts";
import { NIM_KINDS, nimKindOf } from "../resources.ts";
import { secretError } from "../secrets/secret-error.ts";

/** How a deployment stands while it is made: nothing is forgotten when a step fails. */
export interface Made {
  /** What is there, in the order in which it was made. */
  readonly created: readonly KubeObject[];
  /** What was sent without an answer: it may be there. */
  readonly doubtful: KubeObject | undefined;
}

/**
 * Has the server check every object without storing any.
 *
 * @returns the objects as the server would store them
 * @throws SlipwayError for the first that it refuses, with the server's own sentence: nothing was made then
 */
export async function checkObjects(
  api: Pick<KubeApi, "create">,
  objects: readonly KubeObject[],
  signal?: AbortSignal,
): Promise<readonly KubeObject[]> {
  const checked: KubeObject[] = [];
  for (const object of objects) checked.push(await send(api, object, true, signal));
  return checked;
}

/**
 * Makes objects one after the other.
 *
 * @param onMade is told after each step, and with what is in doubt when one fails
 * @throws SlipwayError for the first that fails; those before it stay
 */
export async function makeObjects(
  api: Pick<KubeApi, "create">,
  objects: readonly KubeObject[],
  onMade: (made: Made) => void,
  signal?: AbortSignal,
): Promise<void> {
  const created: KubeObject[] = [];
  for (const object of objects) {
    signal?.throwIfAborted();
    try {
      created.push(await send(api, object, false, signal));
    } catch (error) {
      if (mayBeThere(error, signal)) onMade({ created: [...created], doubtful: object });
      throw error;
    }
    onMade({ created: [...created], doubtful: undefined });
  }
}

/** The server refused what it answered with a reason; whatever else ends a write leaves it open whether it was done. */
function mayBeThere(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted === true) return true;
  return error instanceof SlipwayError && ["UNAVAILABLE", "TIMED_OUT", "INTERRUPTED"].includes(error.code);
}

async function send(
  api: Pick<KubeApi, "create">,
  object: KubeObject,
  dryRun: boolean,
  signal: AbortSignal | undefined,
): Promise<KubeObject> {
  const { namespace } = object.metadata;
  try {
    const options = { namespace, dryRun, fieldManager: FIELD_MANAGER, fieldValidation: "Strict", signal } as const;
    return await api.create(resourceOf(object), object, options);
  } catch (error) {
    throw sendError(error, object, dryRun);
  }
}

const TAKEN = "Choose another name, or delete it first.";

function sendError(error: unknown, object: KubeObject, dryRun: boolean): unknown {
  const { name = "", namespace = "" } = object.metadata;
  if (object.kind === RESOURCES.secrets.kind) return secretError(error, { name, namespace }, TAKEN);
  if (!(error instanceof SlipwayError)) return error;
  const hint = isAlreadyExists(error)
    ? TAKEN
    : (error.hint ?? (dryRun ? "Nothing was created: the server was asked to check everything first." : undefined));
  return new SlipwayError(error.code, `${describeObject(object)}: ${error.message}`, { hint, cause: error });
}

function resourceOf({ kind }: KubeObject): Resource {
  const nim = nimKindOf(kind);
  return nim === undefined ? RESOURCES.secrets : NIM_KINDS[nim.kind].resource;
}

/** Command lines that take away what was made, the last first; words are not quoted yet. */
export function undoCommands({ created, doubtful }: Made, place: readonly string[]): readonly (readonly string[])[] {
  const all = doubtful === undefined ? created : [...created, doubtful];
  return all.toReversed().map(({ kind, metadata: { name = "" } }) => {
    const nim = nimKindOf(kind);
    const command = nim === undefined ? ["kubectl", "delete", "secret"] : ["kubectl", "nim", "delete", nim.singular];
    return [...command, name, ...place];
  });
}
