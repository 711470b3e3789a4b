import type { TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";
import { apiVersionOf, mapAt, textAt, type Kind } from "./kinds.ts";
import { objectOf, patched, serverSideApply } from "./patch.ts";
import type { Target } from "./request.ts";
import { meetsFields, meetsLabels } from "./selectors.ts";
import { nameOf, type Store } from "./store.ts";

/** A request for objects, read as far as the store needs it. */
export interface ObjectRequest {
  readonly method: string;
  readonly target: Target;
  readonly query: URLSearchParams;
  /** Without parameters. */
  readonly mediaType: string;
  readonly body: string;
}

/** The status code and the body of an answer. */
export interface Answer {
  readonly code: number;
  readonly body: TreeMap;
}

/** Carries out a request other than a watch. Throws ApiFailure. */
export function carryOut(store: Store, request: ObjectRequest): Answer {
  const { target } = request;
  switch (request.method) {
    case "GET":
      return { code: 200, body: target.name === "" ? listOf(store, request) : store.get(target) };
    case "POST":
      return create(store, request);
    case "PUT":
      return { code: 200, body: update(store, request) };
    case "PATCH":
      return patch(store, request);
    case "DELETE":
      return { code: 200, body: remove(store, request) };
    default:
      throw new ApiFailure("MethodNotAllowed", `${request.method} is not supported`);
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

function listOf(store: Store, request: ObjectRequest): TreeMap {
  const { kind } = request.target;
  const metadata = { resourceVersion: store.version };
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items: selected(store, request) };
}

function create(store: Store, { target, query, body }: ObjectRequest): Answer {
  const object = typed(objectOf(body), target.kind);
  const name = nameOf(object, store.version);
  return { code: 201, body: store.create({ ...target, name }, object, isDryRun(query)) };
}

function update(store: Store, { target, query, body }: ObjectRequest): TreeMap {
  return store.replace(target, typed(objectOf(body), target.kind), isDryRun(query), "update");
}

function patch(store: Store, request: ObjectRequest): Answer {
  if (request.mediaType === "application/apply-patch+yaml") return apply(store, request);
  const { target, query, mediaType, body } = request;
  const object = patched(store.get(target), mediaType, body);
  return { code: 200, body: store.replace(target, object, isDryRun(query), "patch") };
}

function apply(store: Store, { target, query, body }: ObjectRequest): Answer {
  const manager = query.get("fieldManager") ?? "";
  if (manager === "") throw new ApiFailure("BadRequest", "fieldManager is required for apply patch");
  const object = typed(objectOf(body), target.kind);
  const dryRun = isDryRun(query);
  const current = store.find(target);
  const result =
    current === undefined
      ? store.create(target, object, dryRun, "apply")
      : store.replace(target, serverSideApply(current, store.applied(target, manager), object), dryRun, "apply");
  if (!dryRun) store.rememberApplied(target, manager, object);
  return { code: current === undefined ? 201 : 200, body: result };
}

function remove(store: Store, request: ObjectRequest): TreeMap {
  const { target, query } = request;
  if (target.name !== "") return store.remove(target, isDryRun(query) || isDryRun(optionsOf(request)));
  const objects = selected(store, request);
  for (const object of objects) {
    const address = { namespace: textAt(object, "metadata", "namespace"), name: textAt(object, "metadata", "name") };
    store.remove({ kind: target.kind, ...address }, isDryRun(query));
  }
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
}

/** DELETE carries its options in the body. */
function optionsOf({ body }: ObjectRequest): URLSearchParams {
  const options = body === "" ? {} : objectOf(body);
  return new URLSearchParams(JSON.stringify(options["dryRun"] ?? []).includes("All") ? { dryRun: "All" } : {});
}

function isDryRun(query: URLSearchParams): boolean {
  return query.get("dryRun") === "All";
}

/** Refuses an object of another kind than the path names. */
function typed(object: TreeMap, kind: Kind): TreeMap {
  if (object["kind"] === kind.kind && object["apiVersion"] === apiVersionOf(kind)) return object;
  const found = `${textAt(object, "apiVersion")} ${textAt(object, "kind")}`;
  throw new ApiFailure("BadRequest", `the object is a ${found}, the path is for ${apiVersionOf(kind)} ${kind.kind}`);
}
