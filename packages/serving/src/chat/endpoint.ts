import { SlipwayError, isTreeMap, listAt, messageOf, parseJson, textAt, type Tree } from "@slipway/base";

/** Where a model is asked. */
export interface Endpoint {
  /** `http://127.0.0.1:40001`, without a slash at the end. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Why the way to the service is lost, if that is known. */
  readonly lost?: () => unknown;
}

/** Most bytes of an answer that is read as a whole. */
const MOST_BYTES = 16 * 1024 * 1024;

/** An answer that is no success: what the server says, in its own words. */
export class ModelRefusal extends SlipwayError {
  readonly status: number;

  constructor(status: number, message: string) {
    const code = status >= 500 || status === 429 ? "UNAVAILABLE" : status === 404 ? "NOT_FOUND" : codeOf(status);
    super(code, `the model server refuses (${status}): ${message}`);
    this.status = status;
  }
}

function codeOf(status: number): "NOT_ALLOWED" | "INVALID_INPUT" {
  return status === 401 || status === 403 ? "NOT_ALLOWED" : "INVALID_INPUT";
}

/**
 * Sends a request; a body makes it a POST.
 *
 * @throws ModelRefusal for an answer that is no success; SlipwayError UNAVAILABLE when there is none; what the signal was
 * aborted with
 */
export async function send(endpoint: Endpoint, path: string, body?: string): Promise<Response> {
  const { url, signal } = endpoint;
  const post = { method: "POST", headers: { "content-type": "application/json" } };
  const request = { signal, ...(body === undefined ? {} : { ...post, body }) };
  let response: Response;
  try {
    response = await endpoint.fetch(`${url}${path}`, request);
  } catch (error) {
    throw unreachable(endpoint, error, "the service does not answer");
  }
  if (response.ok) return response;
  throw new ModelRefusal(response.status, refusalText(await textOf(endpoint, response), response.statusText));
}

/** The error for a connection that failed; what the signal was aborted with counts more. */
export function unreachable({ signal, lost }: Endpoint, error: unknown, what: string): SlipwayError {
  if (error instanceof SlipwayError) return error;
  if (signal.aborted && signal.reason instanceof SlipwayError) return signal.reason;
  const deepest = lost?.() ?? (error instanceof Error ? (error.cause ?? error) : error);
  return new SlipwayError("UNAVAILABLE", `${what}: ${messageOf(deepest)}`, {
    hint: "kubectl nim explain says how the service is.",
    cause: error,
  });
}

/** The whole body as text. Throws TOO_LARGE beyond all sense, UNAVAILABLE when it breaks off. */
export async function textOf(endpoint: Endpoint, response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  for await (const chunk of chunksOf(endpoint, response)) {
    size += chunk.length;
    if (size > MOST_BYTES)
      throw new SlipwayError("TOO_LARGE", `an answer of the model server has more than ${MOST_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The body piece by piece; a reader that stops ends the request. */
export async function* chunksOf(endpoint: Endpoint, { body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw unreachable(endpoint, error, "the answer broke off");
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** JSON from a server; nothing for what is none. */
export function jsonOf(text: string): Tree | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** What an error says: OpenAI's `{error: {message}}`, vLLM's `{message}`, FastAPI's `{detail}`, else the text itself. */
function refusalText(body: string, statusText: string): string {
  const json = jsonOf(body);
  if (!isTreeMap(json)) return body.trim().slice(0, MOST_SIGNS) || statusText || "it says nothing";
  const found =
    textAt(json, "error", "message") ||
    textAt(json, "message") ||
    textAt(json, "error") ||
    textAt(json, "detail") ||
    textAt(listAt(json, "detail")[0], "msg");
  return (found || body).slice(0, MOST_SIGNS);
}

const MOST_SIGNS = 2000;
