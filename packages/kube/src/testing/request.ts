import { ApiFailure } from "./failure.ts";
import { NAMESPACE, apiVersionOf, type Kind } from "./kinds.ts";
import type { User } from "./users.ts";

/** What a request is about. */
export interface Target {
  readonly kind: Kind;
  /** Empty for objects of the cluster, and for all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  /** `status`, `log`, `proxy`; empty for the object itself. */
  readonly subresource: string;
  /** What follows the subresource: the path behind a proxy, with its slash. */
  readonly rest: string;
}

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly user: User;
}

/** A request for objects, read as far as the store needs it. */
export interface ObjectRequest {
  readonly method: string;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Without parameters. */
  readonly mediaType: string;
  readonly body: string;
}

const PATH =
  /^(?:\/api\/(?<core>v1)|\/apis\/(?<group>[^/]+)\/(?<version>[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+)(?<rest>\/.*)?)?$/;

/** Reads a request for objects. Throws NotFound for a kind that the server does not have. */
export function objectRequest(seen: SeenRequest, kinds: readonly Kind[]): ObjectRequest {
  const { method, headers, body } = seen;
  const mediaType = (headers["content-type"] ?? "").split(";")[0] ?? "";
  const query = new URLSearchParams(seen.query);
  return { method, target: targetOf(seen.path, kinds), query, headers, mediaType, body };
}

/** Reads the path of a request for objects. Throws NotFound for a kind that the server does not have. */
export function targetOf(path: string, kinds: readonly Kind[]): Target {
  const groups = PATH.exec(path)?.groups ?? {};
  const { core, group, version, rest = "" } = groups;
  const [namespace, plural, name, subresource] = [
    decoded(groups["namespace"]),
    decoded(groups["plural"]),
    decoded(groups["name"]),
    decoded(groups["subresource"]),
  ];
  const apiVersion = core ?? `${group}/${version}`;
  const kind = kinds.find((known) => known.plural === plural && apiVersionOf(known) === apiVersion);
  if (kind !== undefined) return { kind, namespace, name, subresource, rest };
  // `/namespaces/one/pods` is about pods in a namespace, `/namespaces/one/status` about the namespace.
  if (apiVersion === "v1" && SUBRESOURCES.has(plural))
    return { kind: NAMESPACE, namespace: "", name: namespace, subresource: plural, rest: "" };
  throw new ApiFailure("NotFound", "the server could not find the requested resource");
}

const SUBRESOURCES = new Set(["status", "finalize"]);

function decoded(part: string | undefined): string {
  return decodeURIComponent(part ?? "");
}
