import { mapAt, textAt, valueAt, type TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";
import { objectOf } from "./patch.ts";
import type { ObjectRequest } from "./request.ts";
import type { User } from "./users.ts";

/** What somebody wants to do. */
export interface Attempt {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` or `deletecollection`. */
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** `pods` */
  readonly resource: string;
  /** `log`, `exec`; empty for the object itself. */
  readonly subresource: string;
  /** Empty for objects of the cluster, and for all namespaces. */
  readonly namespace: string;
  /** Empty for all. */
  readonly name: string;
}

/** Whether a user may do something. */
export type AccessRule = (attempt: Attempt, user: User) => boolean;

const VERBS: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** What a request tries to do. */
export function attemptOf({ method, target, query }: ObjectRequest): Attempt {
  const { kind, namespace, name, subresource } = target;
  const reading = name === "" ? "list" : "get";
  const read = query.get("watch") === "true" ? "watch" : reading;
  const verb = method === "DELETE" && name === "" ? "deletecollection" : (VERBS[method] ?? read);
  return { verb, group: kind.group, resource: kind.plural, subresource, namespace, name };
}

/** Refuses what a user may not do, with the sentence of the real server. */
export function checkAccess(attempt: Attempt, user: User, rule: AccessRule): void {
  if (rule(attempt, user)) return;
  const { verb, group, namespace, name } = attempt;
  const resource = attempt.subresource === "" ? attempt.resource : `${attempt.resource}/${attempt.subresource}`;
  const scope = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const subject = `${group === "" ? attempt.resource : `${attempt.resource}.${group}`}${name === "" ? "" : ` "${name}"`}`;
  throw new ApiFailure(
    "Forbidden",
    `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`,
    { name, group, kind: attempt.resource },
  );
}

/** Where clients ask what they may do. */
export const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Answers a SelfSubjectAccessReview. */
export function review(body: string, user: User, rule: AccessRule): TreeMap {
  const asked = objectOf(body);
  const attributes = valueAt(asked, "spec", "resourceAttributes");
  const text = (key: string): string => textAt(attributes, key);
  const attempt = {
    verb: text("verb"),
    group: text("group"),
    resource: text("resource"),
    subresource: text("subresource"),
    namespace: text("namespace"),
    name: text("name"),
  };
  const allowed = attributes === undefined || rule(attempt, user);
  return { ...asked, metadata: mapAt(asked, "metadata"), status: { allowed } };
}
