import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../../api.ts";
import type { Credentials, Proof } from "../credentials/credentials.ts";
import type { Transport, TransportRequest, TransportResponse } from "../transport.ts";
import type { Agents } from "./agents.ts";
import { deadlineOf, type Deadline } from "./deadline.ts";
import { exchange } from "./exchange.ts";
import { readStart } from "./read-body.ts";
import { refusalError } from "./refusal.ts";
import { retryDelay } from "./retry.ts";
import type { Target } from "./target.ts";

/** Milliseconds that a request has, unless it says otherwise. */
export const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ERROR = 1024 * 1024;

/** What a transport is made of. */
export interface HttpTransportDeps {
  readonly connection: Connection;
  readonly target: Target;
  readonly agents: Agents;
  readonly credentials: Credentials;
  /** Sent with every request: User-Agent, Accept-Encoding, impersonation. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly onWarning: (header: string | undefined) => void;
  /** Milliseconds in place of {@link DEFAULT_TIMEOUT_MS}; 0: no end. */
  readonly timeoutMs?: number | undefined;
}

/** A transport over HTTP/1.1 of node:http and node:https, whose connections are kept and used again. */
export function httpTransport(deps: HttpTransportDeps): Transport {
  return {
    connection: deps.connection,
    usualTimeoutMs: deps.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    send: async (request) => {
      const deadline = await deadlineFor(deps, request);
      try {
        const response = await attempt(deps, request, deadline);
        deadline.stopClock();
        return held(response, deadline);
      } catch (error) {
        deadline.clear();
        throw error;
      }
    },
    request: (request) => repeat(deps, request),
    upgrade: async (request) => (await import("./upgrade.ts")).upgrade(deps, request),
    close: () => deps.agents.close(),
  };
}

/** An answer whose deadline is let go when it has been read. */
function held(response: TransportResponse, deadline: Deadline): TransportResponse {
  return {
    ...response,
    body: (async function* read() {
      try {
        yield* response.body;
      } finally {
        deadline.clear();
      }
    })(),
    close: () => {
      deadline.clear();
      response.close();
    },
  };
}

async function deadlineFor(
  { target, credentials, timeoutMs: usual = DEFAULT_TIMEOUT_MS }: HttpTransportDeps,
  { method, path, signal, timeoutMs }: TransportRequest,
): Promise<Deadline> {
  await ready(credentials, { signal, timeoutMs });
  return deadlineOf(signal, timeoutMs ?? usual, `${method} ${target.server}${path}`);
}

/** Unless the caller has set a time, that of a plugin which asks somebody to log in does not count. */
export async function ready(
  credentials: Credentials,
  { signal, timeoutMs }: Pick<TransportRequest, "signal" | "timeoutMs">,
): Promise<void> {
  if (timeoutMs !== undefined) return;
  const login = deadlineOf(signal, 0, "log in");
  try {
    login.signal.throwIfAborted();
    await credentials.current(login.signal);
  } finally {
    login.clear();
  }
}

async function repeat(deps: HttpTransportDeps, request: TransportRequest): Promise<TransportResponse> {
  const deadline = await deadlineFor(deps, request);
  try {
    for (let count = 1; ; count++) {
      try {
        return held(await accepted(deps, request, await attempt(deps, request, deadline)), deadline);
      } catch (error) {
        deadline.signal.throwIfAborted();
        const delay = retryDelay(error, request.method, count);
        if (delay === undefined || delay > deadline.left()) throw error;
        await wait(delay, undefined, { signal: deadline.signal }).catch(() => deadline.signal.throwIfAborted());
      }
    }
  } catch (error) {
    deadline.clear();
    throw error;
  }
}

/** Throws what an answer says when it is a refusal. */
export async function accepted(
  { target }: Pick<HttpTransportDeps, "target">,
  { method, path, query }: Pick<TransportRequest, "method" | "path" | "query">,
  response: TransportResponse,
): Promise<TransportResponse> {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return response;
  const text = await readStart(response, MAX_ERROR);
  throw refusalError({ method, path: withQuery(path, query), server: target.server, status, headers, text });
}

/** Sends once; again when the server does not take credentials that can be renewed. */
async function attempt(
  deps: HttpTransportDeps,
  request: TransportRequest,
  deadline: Deadline,
): Promise<TransportResponse> {
  const proof = await deps.credentials.current(deadline.signal);
  const response = await sendWith(deps, request, proof, deadline);
  if (response.status !== 401 || !deps.credentials.refused(proof)) return response;
  const next = await deps.credentials.current(deadline.signal);
  if (isSame(proof, next)) return response;
  await readStart(response, MAX_ERROR);
  return sendWith(deps, request, next, deadline);
}

function isSame(left: Proof, right: Proof): boolean {
  return left.authorization === right.authorization && left.certificate?.cert === right.certificate?.cert;
}

async function sendWith(
  deps: HttpTransportDeps,
  request: TransportRequest,
  proof: Proof,
  deadline: Deadline,
): Promise<TransportResponse> {
  const agent = await deps.agents.for(proof.certificate);
  const response = await exchange(deps.target, agent, {
    method: request.method,
    path: withQuery(request.path, request.query),
    headers: { ...deps.headers, ...request.headers, ...authorizationOf(proof) },
    body: request.body,
    signal: deadline.signal,
  });
  deps.onWarning(response.headers["warning"]);
  return response;
}

/** The header that proves who sends. */
export function authorizationOf({ authorization }: Proof): Readonly<Record<string, string>> {
  return authorization === undefined ? {} : { authorization };
}

/** A path with its query. */
export function withQuery(path: string, query: TransportRequest["query"]): string {
  if (query === undefined || query.length === 0) return path;
  return `${path}?${query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}`;
}
