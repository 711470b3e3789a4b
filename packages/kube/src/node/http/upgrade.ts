import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { Proof } from "../credentials/credentials.ts";
import type { TransportResponse, UpgradeRequest } from "../transport.ts";
import { deadlineOf, type Deadline } from "./deadline.ts";
import {
  DEFAULT_TIMEOUT_MS,
  accepted,
  authorizationOf,
  ready,
  withQuery,
  type HttpTransportDeps,
} from "./http-transport.ts";
import { networkError } from "./network-error.ts";

/** A frame of a stream is far smaller; what is larger is not Kubernetes. */
const MAX_PAYLOAD = 16 * 1024 * 1024;

/** Opens a WebSocket to the API server; credentials that are refused are renewed once. */
export async function upgrade(deps: HttpTransportDeps, request: UpgradeRequest): Promise<WebSocket> {
  await ready(deps.credentials, request);
  const what = `${deps.target.server}${request.path}`;
  const deadline = deadlineOf(request.signal, request.timeoutMs ?? DEFAULT_TIMEOUT_MS, what);
  try {
    const proof = await deps.credentials.current(deadline.signal);
    const first = await attempt(deps, request, proof, deadline);
    if (!("status" in first)) return first;
    if (first.status !== 401 || !deps.credentials.refused(proof)) return await refuse(deps, request, first);
    first.close();
    const second = await attempt(deps, request, await deps.credentials.current(deadline.signal), deadline);
    return "status" in second ? await refuse(deps, request, second) : second;
  } catch (error) {
    deadline.clear();
    throw error;
  }
}

async function refuse(
  deps: HttpTransportDeps,
  { path, query }: UpgradeRequest,
  response: TransportResponse,
): Promise<never> {
  await accepted(deps, { method: "GET", path, ...(query === undefined ? {} : { query }) }, response);
  throw networkError(new Error(`it answered ${response.status} to a request for a WebSocket`), deps.target);
}

/** @returns the socket once it is open, or the server's refusal */
async function attempt(
  deps: HttpTransportDeps,
  request: UpgradeRequest,
  proof: Proof,
  deadline: Deadline,
): Promise<WebSocket | TransportResponse> {
  const { WebSocket } = await import("ws");
  const agent = await deps.agents.for(proof.certificate);
  deadline.signal.throwIfAborted();
  const socket = new WebSocket(addressOf(deps, request), [...request.protocols], {
    agent,
    finishRequest: (sent) => {
      // Not as the option `headers`: that takes no header that is there several times.
      const headers = { ...deps.headers, ...request.headers, ...authorizationOf(proof) };
      for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value);
      sent.end();
    },
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
  });
  request.onSocket?.(socket);
  const onAbort = (): void => socket.terminate();
  deadline.signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await new Promise<WebSocket | TransportResponse>((resolve, reject) => {
      socket.once("open", () => {
        deadline.stopClock();
        socket.once("close", () => deadline.clear());
        resolve(socket);
      });
      socket.once("unexpected-response", (_request, response) => {
        deadline.signal.removeEventListener("abort", onAbort);
        resolve(responseOf(response));
      });
      socket.on("error", reject);
    });
  } catch (error) {
    deadline.signal.throwIfAborted();
    throw networkError(error, deps.target);
  }
}

function addressOf({ target }: HttpTransportDeps, { path, query }: UpgradeRequest): string {
  return `${target.server.replace(/^http/, "ws")}${withQuery(path, query)}`;
}

function responseOf(response: IncomingMessage): TransportResponse {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : `${value}`,
    ]),
  );
  return { status: response.statusCode ?? 0, headers, body: response, close: () => void response.destroy() };
}
