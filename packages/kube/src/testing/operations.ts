import { textAt, type TreeMap } from "@slipway/base";
import { deletionOf } from "./deletion.ts";
import { ApiFailure } from "./failure.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import { listOf, selected, shownAs, type Pages } from "./lists.ts";
import { objectOf, patched, serverSideApply } from "./patch.ts";
import { checkConflicts } from "./ownership.ts";
import type { ObjectRequest } from "./request.ts";
import { nameOf, type Store } from "./store.ts";
import { checkObject } from "./checks.ts";

/** The status code and the body of an answer. */
export interface Answer {
  readonly code: number;
  readonly body: TreeMap;
}

/** Carries out a request other than a watch. Throws ApiFailure. */
export function carryOut(store: Store, pages: Pages, request: ObjectRequest): Answer {
  const { target } = request;
  switch (request.method) {
    case "GET":
      if (target.name === "") return { code: 200, body: listOf(store, pages, request) };
      return { code: 200, body: shownAs(request, store.get(target)) };
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

function create(store: Store, { target, query, body }: ObjectRequest): Answer {
  const object = typed(objectOf(body), target.kind);
  const name = nameOf(object, store.version);
  checkObject(target.kind, name, object);
  return { code: 201, body: store.create({ ...target, name }, object, isDryRun(query)) };
}

function update(store: Store, { target, query, body }: ObjectRequest): TreeMap {
  const object = typed(objectOf(body), target.kind);
  checkObject(target.kind, target.name, object);
  return store.replace(target, object, isDryRun(query), "update");
}

function patch(store: Store, request: ObjectRequest): Answer {
  if (request.mediaType === "application/apply-patch+yaml") return apply(store, request);
  const { target, query, mediaType, body } = request;
  const object = patched(store.get(target), mediaType, body);
  checkObject(target.kind, target.name, object);
  return { code: 200, body: store.replace(target, object, isDryRun(query), "patch") };
}

function apply(store: Store, { target, query, body }: ObjectRequest): Answer {
  const manager = query.get("fieldManager") ?? "";
  if (manager === "") throw new ApiFailure("BadRequest", "fieldManager is required for apply patch");
  const object = typed(objectOf(body), target.kind);
  checkObject(target.kind, target.name, object);
  const dryRun = isDryRun(query);
  const current = store.find(target);
  const managers = store.applied(target);
  if (query.get("force") !== "true") checkConflicts(target, manager, managers, object);
  const result =
    current === undefined
      ? store.create(target, object, dryRun, "apply")
      : store.replace(target, serverSideApply(current, managers.get(manager), object), dryRun, "apply");
  if (!dryRun) store.rememberApplied(target, manager, object);
  return { code: current === undefined ? 201 : 200, body: result };
}

function remove(store: Store, request: ObjectRequest): TreeMap {
  const { target, query, body } = request;
  const deletion = deletionOf(query, body === "" ? {} : objectOf(body));
  if (target.name !== "") return store.remove(target, deletion);
  for (const object of selected(store, request)) {
    const address = { namespace: textAt(object, "metadata", "namespace"), name: textAt(object, "metadata", "name") };
    store.remove({ kind: target.kind, ...address }, deletion);
  }
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
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
