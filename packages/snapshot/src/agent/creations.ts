import { SlipwayError, messageOf } from "@slipway/base";
import { KubeApiError, isConflict, isNotFound, nameOf, type KubeObject, type Resource } from "@slipway/kube";
import { pause, type AgentDeps } from "./deps.ts";
import { orAborted } from "./or-aborted.ts";
import { repeated } from "./repeated.ts";

/** What was made, so that it can be removed. */
interface Creation {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Whether the object is there; it settles when the server has answered. */
  readonly outcome: Promise<Outcome>;
  uid: string | undefined;
  removal: Promise<SlipwayError | undefined> | undefined;
}

/** `unknown`: the server did not answer, or not clearly. */
type Outcome = "made" | "refused" | "unknown";

/** An object by its address. */
export interface Made {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** An object that could not be removed. */
export interface Leftover extends Made {
  readonly reason: string;
}

/** Milliseconds that the server has to make an object. */
const CREATE_MS = 30_000;
/** Milliseconds that an object under way is waited for before its removal is sent all the same. */
const UNDER_WAY_MS = 300;

/** The objects of a run: makes them, and removes each that was made or may have been made. */
export class Creations {
  readonly #deps: AgentDeps;
  readonly #made: Creation[] = [];

  constructor(deps: AgentDeps) {
    this.#deps = deps;
  }

  /**
   * Makes an object. At Ctrl-C the request goes on, so that it is known what there is to remove, but nobody waits for it.
   *
   * @throws SlipwayError as `KubeApi.create` does; the reason of the signal when that is aborted
   */
  async create(resource: Resource, object: KubeObject): Promise<KubeObject> {
    const { signal } = this.#deps;
    signal.throwIfAborted();
    const { namespace } = object.metadata;
    const creating = repeated(async (attempt) => this.#make(resource, object, attempt), signal);
    const creation: Creation = {
      resource,
      namespace,
      name: nameOf(object),
      outcome: creating.then(
        (created) => {
          creation.uid = created.metadata.uid;
          return "made";
        },
        (error: unknown) => (error instanceof KubeApiError && error.status < 500 ? "refused" : "unknown"),
      ),
      uid: undefined,
      removal: undefined,
    };
    this.#made.push(creation);
    return orAborted(creating, signal);
  }

  async #make(resource: Resource, object: KubeObject, attempt: number): Promise<KubeObject> {
    const { client } = this.#deps;
    const scope = { namespace: object.metadata.namespace, timeoutMs: CREATE_MS };
    try {
      return await client.create(resource, object, { ...scope, fieldValidation: "Strict", fieldManager: "aicr" });
    } catch (error) {
      // Nobody else makes an object of this name: the attempt before was carried out, and its answer lost.
      const isThere = error instanceof KubeApiError && error.status === 409;
      if (attempt > 1 && isThere) return client.get(resource, nameOf(object), scope);
      throw error;
    }
  }

  /**
   * Removes objects by name, or all, at once. Those that are gone already count as removed.
   *
   * @param deadlineMs after which nobody waits any more
   * @returns what may still be there
   */
  async remove(deadlineMs: number, names?: ReadonlySet<string>): Promise<readonly Leftover[]> {
    const creations = this.#made.filter(({ name }) => names === undefined || names.has(name));
    const failures = await Promise.all(
      creations.map(async (creation): Promise<readonly Leftover[]> => {
        creation.removal ??= this.#remove(creation, deadlineMs);
        const error = await creation.removal;
        // It may be tried again.
        if (error !== undefined) creation.removal = undefined;
        const { resource, namespace, name } = creation;
        return error === undefined ? [] : [{ resource, namespace, name, reason: error.message }];
      }),
    );
    return failures.flat();
  }

  /** The objects that were made, or may have been. */
  async made(): Promise<readonly Made[]> {
    const outcomes = await Promise.all(this.#made.map(async ({ outcome }) => within(outcome, UNDER_WAY_MS)));
    return this.#made.filter((_creation, index) => outcomes[index] !== "refused");
  }

  async #remove(creation: Creation, deadlineMs: number): Promise<SlipwayError | undefined> {
    const outcome = await within(creation.outcome, UNDER_WAY_MS);
    if (outcome === "refused") return undefined;
    const failure = await this.#delete(creation, deadlineMs);
    if (outcome !== undefined) return failure;
    // It may be made after it was removed.
    const late = await within(creation.outcome, deadlineMs);
    if (late === "made") return this.#delete(creation, deadlineMs);
    return late === "refused"
      ? undefined
      : new SlipwayError("TIMED_OUT", "the server does not say whether it is there");
  }

  async #delete({ resource, namespace, name, uid }: Creation, timeoutMs: number): Promise<SlipwayError | undefined> {
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    const options = { namespace, propagation: "Background", timeoutMs, ...preconditions } as const;
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), timeoutMs);
    try {
      await repeated(async () => this.#deps.client.delete(resource, name, options), over.signal);
      return undefined;
    } catch (error) {
      // A conflict means that another object has the name by now.
      if (isNotFound(error) || isConflict(error)) return undefined;
      return error instanceof SlipwayError ? error : new SlipwayError("BUG", messageOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @returns nothing when the time is over first */
async function within<Result>(promise: Promise<Result>, milliseconds: number): Promise<Result | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([promise, pause({}, milliseconds, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}

/** How to remove what was left, as a command; the ClusterRole takes with it what it owns. */
export function removalCommands(objects: readonly Made[]): readonly string[] {
  const byNamespace = new Map<string, string[]>();
  for (const { resource, namespace = "", name } of objects) {
    const kind = resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), `${kind}/${name}`]);
  }
  return [...byNamespace].map(([namespace, names]) =>
    ["kubectl", "delete", "--ignore-not-found", ...(namespace === "" ? [] : ["--namespace", namespace]), ...names].join(
      " ",
    ),
  );
}
