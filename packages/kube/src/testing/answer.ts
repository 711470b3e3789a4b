import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { compactJson, messageOf } from "@slipway/base";
import { REVIEWS, attemptOf, checkAccess, review, type AccessRule } from "./access.ts";
import { describeServer } from "./discovery.ts";
import { ApiFailure } from "./failure.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Pages } from "./lists.ts";
import type { Logs } from "./logs.ts";
import { carryOut } from "./operations.ts";
import { isProtobuf, objectOfProtobuf } from "./protobuf.ts";
import { serveProxy } from "./proxy.ts";
import { Reply } from "./reply.ts";
import { objectRequest, type SeenRequest } from "./request.ts";
import type { PodScripts } from "./scripts.ts";
import type { Store } from "./store.ts";
import { userOf, type UserOptions } from "./users.ts";
import { watch, type Watches } from "./watch.ts";

/** Everything that a request may meet. */
export interface Server {
  readonly store: Store;
  readonly pages: Pages;
  readonly watches: Watches;
  readonly logs: Logs;
  readonly faults: Faults;
  readonly requests: SeenRequest[];
  readonly scripts: PodScripts;
  readonly users: UserOptions;
  access: AccessRule;
}

/** Answers an HTTP request. Never throws. */
export async function answer(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const takesGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
  let reply = new Reply(response, takesGzip);
  try {
    const seen = await seenRequest(server, request);
    const fault = server.faults.next(seen);
    if (fault !== undefined) {
      reply = new Reply(response, takesGzip, fault.cutAfter);
      if (await befall(fault, reply)) return;
    }
    await route(server, seen, reply);
  } catch (error) {
    await refuse(error, reply, response);
  }
}

/** Notes who asks for what. Throws Unauthorized. */
export async function seenRequest(server: Server, request: IncomingMessage): Promise<SeenRequest> {
  const url = new URL(request.url ?? "/", "http://cluster");
  const parts: Buffer[] = [];
  if (request.method !== "GET") for await (const part of request) parts.push(Buffer.from(part));
  const bytes = Buffer.concat(parts);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const user = userOf(request, server.users);
  const body = isProtobuf(bytes) ? compactJson(objectOfProtobuf(bytes)) : bytes.toString();
  const seen = {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search.slice(1),
    headers,
    body,
    user,
  };
  server.requests.push(seen);
  return seen;
}

/** @returns whether the request ends with the fault */
async function befall(fault: Fault, reply: Reply): Promise<boolean> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.cutAfter === 0) {
    reply.cut();
    return true;
  }
  if (fault.reason === undefined) return false;
  const failure = new ApiFailure(fault.reason, "a test has ordered this failure");
  const headers = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  await reply.json(failure.code, failure.status(), headers);
  return true;
}

async function route(server: Server, seen: SeenRequest, reply: Reply): Promise<void> {
  const { store } = server;
  const description = seen.method === "GET" ? describeServer(seen.path, store.kinds()) : undefined;
  if (description !== undefined) return reply.json(200, description);
  if (["/readyz", "/livez", "/healthz"].includes(seen.path)) return text(reply, "ok");
  // kubectl asks here for kinds that it does not find in version 3; an empty message in protobuf is an empty document.
  if (seen.path === "/openapi/v2") return text(reply, "");
  if (seen.path === REVIEWS && seen.method === "POST")
    return reply.json(201, review(seen.body, seen.user, server.access));
  const asked = objectRequest(seen, store.kinds());
  checkAccess(attemptOf(asked), seen.user, server.access);
  const { kind, subresource } = asked.target;
  if (subresource === "proxy") return serveProxy(asked, reply, server.scripts.proxy);
  if (kind.kind === "Pod" && subresource === "log") {
    store.get(asked.target);
    return server.logs.send(asked, reply);
  }
  if (asked.query.get("watch") === "true") return watch(store, server.watches, asked, reply);
  const { code, body } = carryOut(store, server.pages, asked);
  return reply.json(code, body);
}

async function text(reply: Reply, body: string): Promise<void> {
  reply.start(200, { "content-type": "text/plain" });
  if (body !== "") await reply.write(body);
  reply.end();
}

async function refuse(error: unknown, reply: Reply, response: ServerResponse): Promise<void> {
  const failure = failureOf(error);
  if (response.headersSent) reply.cut();
  else await reply.json(failure.code, failure.status());
}

/** What the server says of anything that was thrown. */
export function failureOf(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure("InternalError", messageOf(error));
}
