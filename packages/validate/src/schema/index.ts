import type { schemaProblems } from "./check.ts";

export type { Schema } from "./parts.ts";
export { SCHEMAS, SCHEMA_VERSION, schemaOf, schemaOfDocument, type PublishedSchema } from "./published.ts";
export type { SchemaProblem } from "./check.ts";

/** Loads what checks a document against a schema; the library that compiles schemas is not paid for before. */
export async function loadSchemaCheck(): Promise<typeof schemaProblems> {
  return (await import("./check.ts")).schemaProblems;
}
