import { SlipwayError, compactJson, type Tree, type TreeMap } from "@slipway/base";
import type {
  DeleteOptions,
  KubeApi,
  ListOptions,
  Patch,
  RequestOptions,
  ScopeOptions,
  WriteOptions,
} from "../../api.ts";
import { nameOf, type KubeObject } from "../../objects.ts";
import { resourcePath, type Resource } from "../../resources.ts";
import { MAX_ANSWER, readText } from "../http/read-body.ts";
import type { Transport, TransportRequest } from "../transport.ts";
import { continueOf, describe, isJson, jsonOf, objectOf, pageOf, textOf } from "./answer.ts";
import { readJson } from "./json.ts";
import { deleteQuery, listQuery, selectQuery, writeQuery, type Query } from "./query.ts";
import { watch } from "./watch.ts";

const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const PATCH_TYPES: Readonly<Record<Patch["type"], string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

/** The objects of a cluster over a transport. An object without a namespace is in that of the connection. */
export function restClient(transport: Transport): KubeApi {
  const send = (method: string, path: string, options: RequestOptions, more: Partial<TransportRequest> = {}) => {
    const { signal, timeoutMs } = options;
    return objectOf(transport, { method, path, signal, timeoutMs, ...more });
  };
  const pathOf = (
    resource: Resource,
    name: string | undefined,
    options: ScopeOptions & { subresource?: string | undefined },
  ) => addressOf(transport, resource, name, options);
  return {
    get: (resource, name, options = {}) => promised(() => send("GET", pathOf(resource, name, options), options)),
    list: (resource, options = {}) => list(transport, resource, options),
    create: (resource, object, options = {}) =>
      promised(() => {
        const name = options.subresource === undefined ? undefined : nameOf(object);
        const path = pathOf(resource, name, scopeOf(object, options));
        return send("POST", path, options, json(object, writeQuery(options)));
      }),
    update: (resource, object, options = {}) =>
      promised(() => {
        const path = pathOf(resource, nameOf(object), scopeOf(object, options));
        return send("PUT", path, options, json(object, writeQuery(options)));
      }),
    patch: (resource, name, patch, options = {}) =>
      promised(() => {
        const scope = patch.type === "apply" ? scopeOf(patch.object, options) : options;
        return send("PATCH", pathOf(resource, name, scope), options, patchRequest(patch, options));
      }),
    delete: (resource, name, options = {}) =>
      promised(() => drop(transport, pathOf(resource, name, options), deleteQuery(options), options)),
    deleteCollection: (resource, options = {}) =>
      promised(() => {
        const { namespace } = options;
        const path = resourcePath(resource, { namespace: checked(namespace, "namespace") });
        return drop(transport, path, [...selectQuery(options), ...deleteQuery(options)], options);
      }),
    watch: (resource, options = {}) => watch(transport, resource, options),
    read: (path, options = {}) => read(transport, path, options),
  };
}

/** What goes wrong before a request is sent rejects the promise too. */
async function promised<Result>(action: () => Promise<Result>): Promise<Result> {
  return action();
}

function addressOf(
  { connection }: Transport,
  resource: Resource,
  name: string | undefined,
  { namespace, subresource }: ScopeOptions & { readonly subresource?: string | undefined },
): string {
  const scope = resource.namespaced ? (namespace ?? connection.namespace) : undefined;
  return resourcePath(resource, {
    namespace: checked(scope, "namespace"),
    name: checked(name, `name of a ${resource.kind}`),
    subresource,
  });
}

/** A part of a path may be no step up and no step down (path segment names of the Kubernetes API). */
function checked(name: string | undefined, what: string): string | undefined {
  if (name === undefined || (name !== "" && name !== "." && name !== ".." && !/[/%]/.test(name))) return name;
  throw new SlipwayError("INVALID_INPUT", `${JSON.stringify(name)} cannot be the ${what}`);
}

function scopeOf<Options extends ScopeOptions>(object: KubeObject, options: Options): Options {
  return { ...options, namespace: options.namespace ?? object.metadata.namespace };
}

function json(value: Tree, query: Query): Partial<TransportRequest> {
  return { query, headers: { "content-type": "application/json" }, body: compactJson(value) };
}

function patchRequest(patch: Patch, options: WriteOptions): Partial<TransportRequest> {
  if (patch.type === "apply" && (options.fieldManager ?? "") === "")
    throw new SlipwayError("INVALID_INPUT", "server-side apply needs a field manager");
  return {
    query: writeQuery(options, patch),
    headers: { "content-type": PATCH_TYPES[patch.type] },
    body: compactJson(bodyOf(patch)),
  };
}

function bodyOf(patch: Patch): Tree {
  if (patch.type === "apply") return patch.object;
  return patch.type === "json" ? patch.operations : patch.value;
}

async function list(transport: Transport, resource: Resource, options: ListOptions) {
  const { signal, timeoutMs, metadataOnly = false, namespace } = options;
  const request: TransportRequest = {
    method: "GET",
    path: resourcePath(resource, { namespace: checked(namespace, "namespace") }),
    query: listQuery(options),
    ...(metadataOnly ? { headers: { accept: METADATA_LIST } } : {}),
    signal,
    timeoutMs,
  };
  const value = await jsonOf(transport, request, (text) => tellContinue(text, options));
  return pageOf(value, resource, metadataOnly, describe(request));
}

/** Lets the next request go out before this answer is taken apart. */
async function tellContinue(text: string, { onContinue }: ListOptions): Promise<void> {
  const token = onContinue === undefined ? undefined : continueOf(text);
  if (onContinue === undefined || token === undefined) return;
  onContinue(token);
  await new Promise((resolve) => setImmediate(resolve));
}

async function drop(transport: Transport, path: string, query: Query, options: DeleteOptions): Promise<void> {
  const { signal, timeoutMs } = options;
  const request = { method: "DELETE", path, signal, timeoutMs, ...json(deleteBody(options), query) };
  await readText(await transport.request(request), MAX_ANSWER);
}

function deleteBody({ propagation, gracePeriodSeconds, preconditions, dryRun }: DeleteOptions): TreeMap {
  return {
    kind: "DeleteOptions",
    apiVersion: "v1",
    ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(preconditions === undefined ? {} : { preconditions: { ...preconditions } }),
    ...(dryRun === true ? { dryRun: ["All"] } : {}),
  };
}

async function read(
  transport: Transport,
  path: string,
  { signal, timeoutMs, accept }: RequestOptions & { readonly accept?: string | undefined },
): Promise<Tree> {
  if (!path.startsWith("/")) throw new SlipwayError("INVALID_INPUT", `${JSON.stringify(path)} is no path of a server`);
  const headers = accept === undefined ? {} : { headers: { accept } };
  const request = { method: "GET", path, ...headers, signal, timeoutMs };
  const { text, response } = await textOf(transport, request);
  return isJson(response.headers) ? readJson(text, describe(request)) : text;
}
