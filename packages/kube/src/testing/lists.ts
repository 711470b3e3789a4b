import { randomUUID } from "node:crypto";
import { mapAt, type TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import type { ObjectRequest } from "./request.ts";
import { meetsFields, meetsLabels } from "./selectors.ts";
import type { Store } from "./store.ts";

/** Lists that were begun, by the token that goes on with them. */
export class Pages {
  readonly #rest = new Map<string, { readonly items: readonly TreeMap[]; readonly version: string }>();

  forget(): void {
    this.#rest.clear();
  }

  /** Throws Expired for a token that is forgotten. */
  take(token: string): { readonly items: readonly TreeMap[]; readonly version: string } {
    const page = this.#rest.get(token);
    if (page !== undefined) return page;
    throw new ApiFailure(
      "Expired",
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
    );
  }

  keep(items: readonly TreeMap[], version: string): string {
    const token = randomUUID();
    this.#rest.set(token, { items, version });
    return token;
  }
}

/** The objects that a collection's selectors leave. */
export function selected(store: Store, { target, query }: ObjectRequest): readonly TreeMap[] {
  return store.list(target.kind, target.namespace).filter((object) => meets(object, query, target.name));
}

/** Whether an object is among those that a request asks for. */
export function meets(object: TreeMap, query: URLSearchParams, name: string): boolean {
  if (name !== "" && mapAt(object, "metadata")["name"] !== name) return false;
  return meetsLabels(object, query.get("labelSelector") ?? "") && meetsFields(object, query.get("fieldSelector") ?? "");
}

/** A list, or the page of one that is asked for; every page shows the state of the first. */
export function listOf(store: Store, pages: Pages, request: ObjectRequest): TreeMap {
  const { query, target } = request;
  const token = query.get("continue") ?? "";
  const { items, version } =
    token === "" ? { items: selected(store, request), version: String(store.version) } : pages.take(token);
  const limit = Number(query.get("limit") ?? 0) || items.length;
  const rest = items.slice(limit);
  const more = rest.length === 0 ? {} : { continue: pages.keep(rest, version), remainingItemCount: rest.length };
  const shown = items.slice(0, limit).map((object) => shownAs(request, object));
  const metadata = { resourceVersion: version, ...more };
  if (wantsMetadata(request))
    return { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata, items: shown };
  return { kind: listKind(target.kind), apiVersion: apiVersionOf(target.kind), metadata, items: shown };
}

function listKind({ kind }: Kind): string {
  return `${kind}List`;
}

/** The object in the form that a request asks for: whole, or no more than its metadata. */
export function shownAs(request: ObjectRequest, object: TreeMap): TreeMap {
  if (!wantsMetadata(request)) return object;
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: mapAt(object, "metadata") };
}

function wantsMetadata({ headers }: ObjectRequest): boolean {
  return /;\s*as=PartialObjectMetadata/.test(headers["accept"] ?? "");
}
