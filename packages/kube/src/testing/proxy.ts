import { ApiFailure } from "./failure.ts";
import type { Reply } from "./reply.ts";
import type { ObjectRequest } from "./request.ts";

/** A request to a pod or a service by way of the API server. */
export interface ProxyCall {
  readonly namespace: string;
  /** `pods` or `services`. */
  readonly target: string;
  /** `NAME`, `NAME:PORT` or `https:NAME:PORT`, as it was asked for. */
  readonly name: string;
  /** The path behind the proxy, with its slash. */
  readonly path: string;
}

/** Plays the pods and services. @returns the address of a real server, without path; throws when nothing is there */
export type ProxyScript = (call: ProxyCall) => string;

/** Passes a request on to a real server, and its answer back as it comes. */
export async function serveProxy(request: ObjectRequest, reply: Reply, script: ProxyScript): Promise<void> {
  const { target, query, method, headers, body } = request;
  const path = target.rest === "" ? "/" : target.rest;
  const base = script({ namespace: target.namespace, target: target.kind.plural, name: target.name, path });
  const hasBody = method !== "GET" && method !== "HEAD";
  const type = headers["content-type"];
  const answer = await fetch(`${base}${path}${query.size === 0 ? "" : `?${query}`}`, {
    method,
    redirect: "manual",
    headers: type === undefined ? {} : { "content-type": type },
    ...(hasBody ? { body } : {}),
  }).catch((error: unknown) => {
    throw new ApiFailure("ServiceUnavailable", `error trying to reach service: ${String(error)}`);
  });
  reply.start(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
  let goesOn = true;
  for await (const chunk of answer.body ?? []) {
    goesOn = await reply.write(chunk);
    if (!goesOn) break;
  }
  if (goesOn) reply.end();
}
