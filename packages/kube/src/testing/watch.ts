import type { ServerResponse } from "node:http";
import { compactJson, type TreeMap } from "@slipway/base";
import { apiVersionOf, textAt } from "./kinds.ts";
import { meets, selected, type ObjectRequest } from "./operations.ts";
import type { Change, Store } from "./store.ts";

/**
 * Sends changes as they come, one JSON text a line, until the client goes. What is there already goes first when the
 * client asks for it, followed by the bookmark that ends it, or when it names no version to start from.
 */
export function watch(store: Store, request: ObjectRequest, response: ServerResponse): void {
  const { target, query } = request;
  const send = (type: string, object: TreeMap): void => {
    response.write(`${compactJson({ type, object })}\n`);
  };
  const listener = ({ type, kind, object }: Change): void => {
    const isAsked = kind.group === target.kind.group && kind.plural === target.kind.plural;
    const isThere = target.namespace === "" || textAt(object, "metadata", "namespace") === target.namespace;
    if (isAsked && isThere && meets(object, query, target.name)) send(type, object);
  };
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const wantsStart = query.get("sendInitialEvents") === "true";
  if (wantsStart || ["", "0", null].includes(query.get("resourceVersion")))
    for (const object of selected(store, request)) send("ADDED", object);
  if (wantsStart) send("BOOKMARK", bookmark(store, request));
  store.listeners.add(listener);
  response.on("close", () => store.listeners.delete(listener));
}

function bookmark(store: Store, { target: { kind } }: ObjectRequest): TreeMap {
  const annotations = { "k8s.io/initial-events-end": "true" };
  const metadata = { resourceVersion: store.version, creationTimestamp: null, annotations };
  return { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
}
