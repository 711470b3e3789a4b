import type { TreeMap } from "@slipway/base";
import type { Kind } from "./kinds.ts";

const CODES = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
} as const;

/** Every reason that the fake gives. */
export type Reason = keyof typeof CODES;

/** An answer other than success, as the API server gives it: a `Status` object. */
export class ApiFailure extends Error {
  readonly reason: Reason;
  readonly details: TreeMap;

  constructor(reason: Reason, message: string, details: TreeMap = {}) {
    super(message);
    this.reason = reason;
    this.details = details;
  }

  get code(): number {
    return CODES[this.reason];
  }

  status(): TreeMap {
    const { message, reason, code, details } = this;
    return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, details, code };
  }
}

/** `configmaps "settings" not found` */
export function notFound(kind: Kind, name: string): ApiFailure {
  return about("NotFound", kind, name, "not found");
}

/** `configmaps "settings" already exists` */
export function alreadyExists(kind: Kind, name: string): ApiFailure {
  return about("AlreadyExists", kind, name, "already exists");
}

/** An update of a state that is no longer the newest. */
export function outdated(kind: Kind, name: string): ApiFailure {
  const told = "cannot be fulfilled: the object has been modified; please apply your changes to the latest version";
  return about("Conflict", kind, name, told);
}

/** A delete of an object that is another one by now. */
export function otherObject(kind: Kind, name: string, field: string, expected: string, found: string): ApiFailure {
  const told = `cannot be fulfilled: Precondition failed: ${field} in precondition: ${expected}, ${field} in object meta: ${found}`;
  return about("Conflict", kind, name, told);
}

function about(reason: Reason, kind: Kind, name: string, told: string): ApiFailure {
  const resource = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
  return new ApiFailure(reason, `${resource} "${name}" ${told}`, { name, group: kind.group, kind: kind.plural });
}
