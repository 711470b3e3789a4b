import type { Tree, TreeMap } from "@slipway/base";

/** JSON Schema, draft 2020-12. */
export type Schema = TreeMap;

/** A map with these keys and no others, so that a misspelt one is found. */
export function record(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** A list of one kind of thing. */
export function listOf(items: Schema): Schema {
  return { type: "array", items };
}

/** A map from any key to one kind of thing. */
export function mapOf(values: Schema): Schema {
  return { type: "object", additionalProperties: values };
}

/** A sentence that says what a part is for. */
export function described(description: string, schema: Schema): Schema {
  return { description, ...schema };
}

/** One of a few texts. */
export function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

/** As `schema`, or null. */
export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

export const text: Schema = { type: "string" };
export const filledText: Schema = { type: "string", minLength: 1 };
export const flag: Schema = { type: "boolean" };
export const texts: Schema = listOf(text);
export const count: Schema = { type: "integer", minimum: 0 };
export const anyMap: Schema = { type: "object" };
/** What YAML may have read as a number although text is meant. */
export const textOrNumber: Schema = { type: ["string", "number", "boolean"] };
export const scalar: Schema = { type: ["string", "number", "boolean", "null"] };
export const timestamp: Schema = described("RFC 3339", { type: "string", pattern: String.raw`^\d{4}-\d\d-\d\dT` });

/** The header of a document. */
export function header(kind: string, apiVersion: RegExp): Readonly<Record<string, Schema>> {
  return { kind: { const: kind }, apiVersion: { type: "string", pattern: apiVersion.source } };
}

/** Group and version of the documents of recipes and snapshots. */
export const AICR_API = /^aicr\.nvidia\.com\//;

/** A whole schema. */
export function document(kind: string, title: string, body: Schema): Schema {
  const entries: readonly (readonly [string, Tree])[] = [
    ["$schema", "https://json-schema.org/draft/2020-12/schema"],
    ["$id", `urn:aicr:schema:v1:${kind}`],
    ["title", title],
    ...Object.entries(body),
  ];
  return Object.fromEntries(entries);
}
