import type { TreeMap } from "@slipway/base";
import type { Kind } from "./kinds.ts";

const CODES = {
  BadRequest: 400,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  UnsupportedMediaType: 415,
  Invalid: 422,
} as const;

/** An answer other than success, as the API server gives it: a `Status` object. */
export class ApiFailure extends Error {
  readonly reason: keyof typeof CODES;
  readonly details: TreeMap;

  constructor(reason: keyof typeof CODES, message: string, details: TreeMap = {}) {
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

function about(reason: keyof typeof CODES, kind: Kind, name: string, told: string): ApiFailure {
  const resource = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
  return new ApiFailure(reason, `${resource} "${name}" ${told}`, { name, group: kind.group, kind: kind.plural });
}
