import { request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";

/** One request to a registry; redirects are not followed. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string | undefined;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Cut off where it is longer than any token or error of a registry is. */
  readonly text: string;
}

/** Carries a request to a registry. Throws what the network says. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

const MAX_TEXT = 1024 * 1024;

/** A transport over `fetch`, with the certificates that the runtime trusts. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const init: RequestInit = { method, headers, body: body ?? null, signal, redirect: "manual" };
    const response = await fetch(url, init);
    return { status: response.status, headers: response.headers, text: await textOf(response.body ?? []) };
  };
}

/**
 * A transport over TLS that takes any certificate. It is `node:https` with `rejectUnauthorized: false`, which Node and
 * Bun both honour; for `fetch` Node needs a package of its own and Bun an option that Node lacks.
 */
export const insecureTransport: Transport = ({ method, url, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method, headers, signal, rejectUnauthorized: false }, (response) => {
      answerOf(response).then(resolve, reject);
    });
    request.on("error", reject);
    request.end(body);
  });

async function answerOf(response: IncomingMessage): Promise<HttpResponse> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
  return { status: response.statusCode ?? 0, headers, text: await textOf(response) };
}

async function textOf(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_TEXT) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_TEXT).toString("utf8");
}
