import { SlipwayError, didYouMean, isTreeMap, listAt, mapAt, messageOf, textAt } from "@slipway/base";
import { systemTimer, type Timer } from "@slipway/kube";
import { ModelRefusal, jsonOf, send, textOf, type Endpoint } from "./endpoint.ts";

/** How long is waited for a model that is still being loaded. */
export interface LoadOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly timer?: Timer | undefined;
  readonly now: () => Date;
  /** Told at each attempt that failed. */
  readonly onWait: (why: string) => void;
}

const PAUSE_MS = 1000;

/**
 * The names of the models that a server has, once it has loaded them: while it answers 503, or nothing listens, it is asked
 * again.
 *
 * @throws SlipwayError TIMED_OUT, with what it said last; as {@link send} does for any other refusal
 */
export async function loadedModels(endpoint: Endpoint, options: LoadOptions): Promise<readonly string[]> {
  const { timeoutMs, timer = systemTimer, now, onWait } = options;
  const end = now().getTime() + timeoutMs;
  for (;;) {
    try {
      const models = await listWithin(endpoint, Math.max(1, end - now().getTime()), timer);
      if (models === undefined) throw notLoaded(timeoutMs, "its server takes the request and does not answer");
      return models;
    } catch (error) {
      endpoint.signal.throwIfAborted();
      if (!isLoading(error) || endpoint.lost?.() !== undefined) throw error;
      if (now().getTime() + PAUSE_MS > end) throw notLoaded(timeoutMs, messageOf(error), error);
      onWait(messageOf(error));
    }
    await timer.sleep(PAUSE_MS, endpoint.signal);
    endpoint.signal.throwIfAborted();
  }
}

/**
 * One attempt, which ends with the time that is left, whatever the server does.
 *
 * @returns nothing when the time is over
 */
async function listWithin(endpoint: Endpoint, leftMs: number, timer: Timer): Promise<readonly string[] | undefined> {
  const [late, over] = [new AbortController(), new AbortController()];
  const ring = async (): Promise<void> => {
    await timer.sleep(leftMs, over.signal);
    if (!over.signal.aborted) late.abort();
  };
  void ring();
  try {
    return await listModels({ ...endpoint, signal: AbortSignal.any([endpoint.signal, late.signal]) });
  } catch (error) {
    if (late.signal.aborted && !endpoint.signal.aborted) return undefined;
    throw error;
  } finally {
    over.abort();
  }
}

function notLoaded(timeoutMs: number, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("TIMED_OUT", `waited ${timeoutMs / 1000} s for the model to be loaded: ${why}`, {
    hint: "kubectl nim explain says how the service is; --timeout waits longer.",
    cause,
  });
}

/** A port at which nobody listens yet ends the connection. */
function isLoading(error: unknown): boolean {
  if (error instanceof ModelRefusal) return error.status === 503 || error.status === 502 || error.status === 429;
  return error instanceof SlipwayError && error.code === "UNAVAILABLE";
}

async function listModels(endpoint: Endpoint): Promise<readonly string[]> {
  const text = await textOf(endpoint, await send(endpoint, "/v1/models"));
  const json = jsonOf(text);
  if (!isTreeMap(json))
    throw new SlipwayError(
      "INVALID_INPUT",
      "/v1/models of the service answers with something else than a list of models",
      {
        hint: "Is that the port of a NIM?",
      },
    );
  return listAt(json, "data")
    .map((model) => textAt(model, "id"))
    .filter((id) => id !== "");
}

/**
 * The model that is meant; the first one unless named.
 *
 * @throws SlipwayError NOT_FOUND for a name that the service does not have, and when it has none
 */
export function chooseModel(models: readonly string[], wanted: string | undefined): string {
  const [first] = models;
  if (first === undefined) throw new SlipwayError("NOT_FOUND", "the service has no model");
  if (wanted === undefined || models.includes(wanted)) return wanted ?? first;
  throw new SlipwayError("NOT_FOUND", `the service has no model "${wanted}"`, {
    hint: didYouMean(wanted, models) ?? `It has ${models.join(", ")}.`,
  });
}

/** Most addresses that a message names. */
const MOST_PATHS = 20;

/** What a server can be asked (its OpenAPI description); nothing where it does not say. */
export async function knownPaths(endpoint: Endpoint): Promise<readonly string[]> {
  try {
    const description = jsonOf(await textOf(endpoint, await send(endpoint, "/openapi.json")));
    return Object.keys(mapAt(description, "paths"))
      .filter((path) => path.startsWith("/v1/"))
      .slice(0, MOST_PATHS);
  } catch (error) {
    endpoint.signal.throwIfAborted();
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}
