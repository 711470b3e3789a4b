import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { createGunzip } from "node:zlib";
import type { TransportResponse } from "../transport.ts";
import { networkError } from "./network-error.ts";
import type { Target } from "./target.ts";

/** One request as it goes over the wire. */
export interface Wire {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array | undefined;
  /** Ends the request, and the body of its answer. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request and waits for the head of the answer. Throws what the signal was aborted with, else what the network
 * says as a SlipwayError.
 */
export async function exchange(target: Target, agent: Agent, wire: Wire): Promise<TransportResponse> {
  const { signal } = wire;
  let request: ClientRequest | undefined;
  const onAbort = (): void => void request?.destroy();
  try {
    signal.throwIfAborted();
    signal.addEventListener("abort", onAbort, { once: true });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request = open(target, agent, wire);
      request.once("response", resolve);
      // Stays: what happens after the answer has begun is told to whoever reads its body.
      request.on("error", reject);
      request.once("close", () => signal.removeEventListener("abort", onAbort));
      request.end(wire.body);
    });
    // Whoever reads the body is told; while nobody reads it, an error must not be one that nobody handles.
    response.on("error", () => undefined);
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      body: bodyOf(response, target, signal),
      close: () => void response.destroy(),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, target);
  }
}

function open(target: Target, agent: Agent, { method, path, headers, body, signal }: Wire): ClientRequest {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const host = isIP(target.hostname) === 6 ? `[${target.hostname}]` : target.hostname;
  const options = {
    hostname: target.hostname,
    port: target.port,
    method,
    path: target.basePath + path,
    agent,
    headers: { host: `${host}:${target.port}`, ...mutable(headers), ...length },
    dialSignal: signal,
  };
  return target.secure ? httpsRequest(options) : httpRequest(options);
}

function mutable(headers: Wire["headers"]): Record<string, string | string[]> {
  const entries = Object.entries(headers).map(([name, value]): [string, string | string[]] => [
    name,
    typeof value === "string" ? value : [...value],
  ]);
  return Object.fromEntries(entries);
}

function headersOf(response: IncomingMessage): Readonly<Record<string, string>> {
  const unpacked = isPacked(response) ? ["content-encoding", "content-length"] : [];
  const entries = Object.entries(response.headers).flatMap(([name, value]): (readonly [string, string])[] =>
    value === undefined || unpacked.includes(name) ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
  return Object.fromEntries(entries);
}

function isPacked(response: IncomingMessage): boolean {
  return response.headers["content-encoding"] === "gzip";
}

async function* bodyOf(
  response: IncomingMessage,
  target: Target,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = isPacked(response) ? createGunzip() : undefined;
  if (gunzip !== undefined) {
    response.once("error", (error) => gunzip.destroy(error));
    response.once("aborted", () => gunzip.destroy(broken()));
    response.pipe(gunzip);
  }
  try {
    for await (const chunk of gunzip ?? response) yield chunk;
    if (!response.complete) throw broken();
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, target);
  } finally {
    gunzip?.destroy();
    if (!response.complete) response.destroy();
  }
}

function broken(): Error {
  return Object.assign(new Error("the connection ended in the middle of an answer"), { code: "ECONNRESET" });
}
