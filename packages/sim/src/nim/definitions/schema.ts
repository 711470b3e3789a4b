import type { TreeMap } from "@slipway/base";

/** A structural schema of the Kubernetes API, or a part of one. */
export type Schema = TreeMap;

/** A rule that the server holds an object to (CEL), and what it says when the rule is broken. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
}

/** What an object's schema says beside its fields. */
export interface ObjectRules {
  readonly required?: readonly string[];
  readonly rules?: readonly Rule[];
}

export const BOOLEAN: Schema = { type: "boolean" };
export const TEXT: Schema = { type: "string" };
export const TIME: Schema = { type: "string", format: "date-time" };
export const TEXTS: Schema = { type: "array", items: TEXT };
export const TEXT_MAP: Schema = { type: "object", additionalProperties: TEXT };
/** Any fields: parts of an object of which no test depends on the names. */
export const OPEN: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
/** A quantity of the Kubernetes API: a number or `500Mi`. */
export const QUANTITY: Schema = {
  anyOf: [{ type: "integer" }, { type: "string" }],
  pattern:
    "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
  "x-kubernetes-int-or-string": true,
};

/** A whole number with what else is said of it. */
export function integer(rest: TreeMap = {}): Schema {
  return { type: "integer", format: "int32", ...rest };
}

/** A port of a machine. */
export function port(rest: TreeMap = {}): Schema {
  return integer({ minimum: 1, maximum: 65_535, ...rest });
}

/** Text with what else is said of it. */
export function text(rest: TreeMap): Schema {
  return { type: "string", ...rest };
}

export function list(items: Schema): Schema {
  return { type: "array", items };
}

/** An object with just these fields. */
export function object(properties: TreeMap, { required = [], rules = [] }: ObjectRules = {}): Schema {
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(rules.length === 0 ? {} : { "x-kubernetes-validations": rules.map((rule) => ({ ...rule })) }),
  };
}
