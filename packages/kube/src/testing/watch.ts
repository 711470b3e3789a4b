import { compactJson, textAt, type TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";
import type { Change } from "./history.ts";
import { apiVersionOf } from "./kinds.ts";
import { meets, selected, shownAs } from "./lists.ts";
import type { Reply } from "./reply.ts";
import type { ObjectRequest } from "./request.ts";
import type { Store } from "./store.ts";

/** The watches that are open, for tests that disturb them. */
export class Watches {
  readonly #open = new Set<{ readonly reply: Reply; readonly bookmark: () => void }>();

  get size(): number {
    return this.#open.size;
  }

  add(reply: Reply, bookmark: () => void): void {
    const entry = { reply, bookmark };
    this.#open.add(entry);
    reply.onClose(() => this.#open.delete(entry));
  }

  bookmark(): void {
    for (const { bookmark } of this.#open) bookmark();
  }

  cut(): void {
    for (const { reply } of this.#open) reply.cut();
  }

  /** Ends them as the server does when their time is over. */
  end(): void {
    for (const { reply } of this.#open) reply.end();
  }
}

/**
 * Sends changes as they come, one JSON text a line, until the client goes. What is there already goes first when the
 * client asks for it, followed by the bookmark that ends it, or when it names no version to start from. A version that is
 * forgotten is told in an event, as the real server does.
 */
export function watch(store: Store, watches: Watches, request: ObjectRequest, reply: Reply): void {
  const { query, target } = request;
  const send = (type: string, object: TreeMap): void => {
    void reply.write(`${compactJson({ type, object: type === "ERROR" ? object : shownAs(request, object) })}\n`);
  };
  const listener = (change: Change): void => {
    const type = typeFor(request, change);
    if (type !== undefined) send(type, change.object);
  };
  reply.start(200, { "content-type": "application/json" });
  const bookmark = (annotations: TreeMap): void => {
    const metadata = { resourceVersion: String(store.version), creationTimestamp: null, annotations };
    send("BOOKMARK", { kind: target.kind.kind, apiVersion: apiVersionOf(target.kind), metadata });
  };
  const wantsStart = query.get("sendInitialEvents") === "true";
  const from = query.get("resourceVersion") ?? "";
  try {
    if (wantsStart || from === "" || from === "0") for (const object of selected(store, request)) send("ADDED", object);
    else for (const change of store.history.since(Number(from))) listener(change);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    send("ERROR", error.status());
    return reply.end();
  }
  if (wantsStart) bookmark({ "k8s.io/initial-events-end": "true" });
  store.listeners.add(listener);
  reply.onClose(() => store.listeners.delete(listener));
  const wantsBookmarks = query.get("allowWatchBookmarks") === "true";
  watches.add(reply, () => wantsBookmarks && bookmark({}));
  endInTime(Number(query.get("timeoutSeconds") ?? 0), reply);
}

/** What a change is to a watch: an object that no longer meets the selectors is gone for it. */
function typeFor({ target, query }: ObjectRequest, change: Change): string | undefined {
  const { type, kind, object, previous } = change;
  if (kind.group !== target.kind.group || kind.plural !== target.kind.plural) return undefined;
  if (target.namespace !== "" && textAt(object, "metadata", "namespace") !== target.namespace) return undefined;
  const was = previous !== undefined && meets(previous, query, target.name);
  const is = type !== "DELETED" && meets(object, query, target.name);
  if (was === is) return is ? "MODIFIED" : undefined;
  return is ? "ADDED" : "DELETED";
}

function endInTime(seconds: number, reply: Reply): void {
  if (seconds <= 0) return;
  const timer = setTimeout(() => reply.end(), seconds * 1000);
  reply.onClose(() => clearTimeout(timer));
}
