export { NIM_CACHE_FIELDS, type CacheFlag } from "./cache-fields.ts";
export { buildNimCache } from "./cache-object.ts";
export { valueProblem, valueProblems } from "./check-values.ts";
export type { FieldSource, FieldType, Given, Problem, SpecField } from "./field.ts";
export type { BuiltObject } from "./nim-object.ts";
export { NIM_SERVICE_FIELDS, type ServiceFlag } from "./service-fields.ts";
export { buildNimService, dependsOnRelease } from "./service-object.ts";
