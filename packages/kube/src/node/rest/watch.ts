import { SlipwayError, isTreeMap, own, type Tree } from "@slipway/base";
import type { WatchEvent, WatchOptions } from "../../api.ts";
import { kubeObject } from "../../objects.ts";
import { resourcePath, type Resource } from "../../resources.ts";
import { statusError } from "../http/refusal.ts";
import type { Transport } from "../transport.ts";
import { refuseOtherThanJson } from "./answer.ts";
import { readJson } from "./json.ts";
import { linesOf } from "./lines.ts";
import { watchQuery } from "./query.ts";

/** More than etcd holds of one object. */
const MAX_LINE = 32 * 1024 * 1024;
/** Seconds after which the server ends a watch that does not say; client-go takes five to ten minutes. */
const DEFAULT_SECONDS = 300;
/** Milliseconds that a server may be late with the end. */
const GRACE_MS = 30_000;

/**
 * One watch: ends when the server ends it, which it is asked to do after a while. A connection of which nothing is heard
 * any more is therefore noticed.
 */
export async function* watch(
  transport: Transport,
  resource: Resource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void, undefined> {
  const seconds = options.timeoutSeconds ?? DEFAULT_SECONDS;
  const path = resourcePath(resource, { namespace: options.namespace });
  const request = {
    method: "GET",
    path,
    query: watchQuery(options, seconds),
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? seconds * 1000 + GRACE_MS,
  };
  const response = await transport.request(request);
  try {
    refuseOtherThanJson(transport, request, response);
    for await (const line of linesOf(response.body, MAX_LINE)) yield eventOf(readJson(line, `watch of ${path}`), path);
  } finally {
    response.close();
  }
}

function eventOf(value: Tree, path: string): WatchEvent {
  const type = isTreeMap(value) ? own(value, "type") : undefined;
  const object = isTreeMap(value) ? own(value, "object") : undefined;
  if (type === "ERROR" && isTreeMap(object)) throw statusError(object, 500);
  if (type === "ADDED" || type === "MODIFIED" || type === "DELETED" || type === "BOOKMARK")
    return { type, object: kubeObject(object, `an event of the watch of ${path}`) };
  throw new SlipwayError("INVALID_INPUT", `the watch of ${path}: ${JSON.stringify(type ?? null)} is no kind of event`);
}
