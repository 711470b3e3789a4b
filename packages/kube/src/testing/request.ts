import { ApiFailure } from "./failure.ts";
import { NAMESPACE, apiVersionOf, type Kind } from "./kinds.ts";

/** What a request is about. */
export interface Target {
  readonly kind: Kind;
  /** Empty for objects of the cluster, and for all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  /** `status`, `scale`; empty for the object itself. */
  readonly subresource: string;
}

const PATH =
  /^(?:\/api\/(?<core>v1)|\/apis\/(?<group>[^/]+)\/(?<version>[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;

/** Reads the path of a request for objects. Throws NotFound for a kind that the server does not have. */
export function targetOf(path: string, kinds: readonly Kind[]): Target {
  const {
    core,
    group,
    version,
    namespace = "",
    plural = "",
    name = "",
    subresource = "",
  } = PATH.exec(path)?.groups ?? {};
  const apiVersion = core ?? `${group}/${version}`;
  const kind = kinds.find((known) => known.plural === plural && apiVersionOf(known) === apiVersion);
  if (kind !== undefined) return { kind, namespace, name, subresource };
  // `/namespaces/one/pods` is about pods in a namespace, `/namespaces/one/status` about the namespace.
  if (apiVersion === "v1" && SUBRESOURCES.has(plural))
    return { kind: NAMESPACE, namespace: "", name: namespace, subresource: plural };
  throw new ApiFailure("NotFound", "the server could not find the requested resource");
}

const SUBRESOURCES = new Set(["status", "finalize"]);
