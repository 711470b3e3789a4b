import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import {
  didYouMean,
  formatPath,
  isTreeList,
  isTreeMap,
  kindOf,
  locate,
  own,
  type Place,
  type Step,
  type Tree,
} from "@slipway/base";
import type { Schema } from "./parts.ts";

/** Where a document breaks a schema, and how. */
export interface SchemaProblem {
  readonly place: Place;
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Checks a document against a schema.
 *
 * @param text the source, for lines and columns
 * @returns nothing for a document that keeps to it; else every problem, in the order of the document
 */
export function schemaProblems(value: Tree, schema: Schema, text: string, file: string): readonly SchemaProblem[] {
  const validate = compiled(schema);
  const plain = withoutBigints(value);
  if (validate(plain)) return [];
  const errors = (validate.errors ?? []).filter((error) => !isWrapper(error));
  const found = errors.map((error) => problemOf(error, value, text, file));
  const unique = new Map(found.map((problem) => [`${problem.place.field ?? ""} ${problem.message}`, problem]));
  return [...unique.values()].toSorted((left, right) => (left.place.line ?? 0) - (right.place.line ?? 0));
}

const COMPILED = new WeakMap<Schema, ValidateFunction>();

/** Compiling takes far longer than checking. */
function compiled(schema: Schema): ValidateFunction {
  const known = COMPILED.get(schema);
  if (known !== undefined) return known;
  const made = new Ajv2020({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true }).compile(schema);
  COMPILED.set(schema, made);
  return made;
}

/** `anyOf` is used for what may be null: the other half says it better. */
function isWrapper({ keyword, params, schemaPath }: ErrorObject): boolean {
  return keyword === "anyOf" || (keyword === "type" && params["type"] === "null" && schemaPath.includes("/anyOf/"));
}

function problemOf(error: ErrorObject, value: Tree, text: string, file: string): SchemaProblem {
  const parent = stepsOf(error.instancePath, value);
  const extra: unknown = error.params["additionalProperty"];
  const steps = typeof extra === "string" ? [...parent, extra] : parent;
  const { message, hint } = sentenceOf(error);
  return { place: placeOf(steps, text, file), message, hint };
}

function placeOf(steps: readonly Step[], text: string, file: string): Place {
  const field = formatPath(steps);
  try {
    return { file, ...locate(text, field), ...(field === "" ? {} : { field }) };
  } catch {
    return { file, field };
  }
}

/** A JSON pointer as steps: a number leads into a list, else it is a key. */
function stepsOf(pointer: string, root: Tree): readonly Step[] {
  const steps: Step[] = [];
  let at: Tree | undefined = root;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    steps.push(isTreeList(at) ? Number(key) : key);
    if (isTreeList(at)) at = at[Number(key)];
    else at = isTreeMap(at) ? own(at, key) : undefined;
  }
  return steps;
}

function sentenceOf({ keyword, params, parentSchema, data, message }: ErrorObject): {
  readonly message: string;
  readonly hint?: string | undefined;
} {
  if (keyword === "additionalProperties") {
    const name = String(params["additionalProperty"]);
    const known = keysOf(parentSchema?.["properties"]);
    return { message: `unknown field "${name}"`, hint: didYouMean(name, known) ?? `Fields here: ${known.join(", ")}.` };
  }
  if (keyword === "required") return { message: `the field "${String(params["missingProperty"])}" is missing` };
  if (keyword === "enum") {
    const allowed: readonly unknown[] = Array.isArray(params["allowedValues"]) ? params["allowedValues"] : [];
    const names = allowed.map(String);
    const found = shown(data);
    return { message: `expected ${names.join(", ")}, found ${found}`, hint: didYouMean(String(data), names) };
  }
  if (keyword === "const") return { message: `expected "${String(params["allowedValue"])}", found ${shown(data)}` };
  if (keyword === "type") return { message: `expected ${typeText(params["type"])}, found ${shown(data)}` };
  return { message: `${message ?? keyword}, found ${shown(data)}` };
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function typeText(type: unknown): string {
  const names = Array.isArray(type) ? type.map(String) : String(type).split(",");
  return names.map((name) => TYPES[name] ?? name).join(" or ");
}

/** A text as it stands, cut to what a line holds; of anything else its kind. */
function shown(data: unknown): string {
  if (typeof data === "string") return JSON.stringify(data.length > 60 ? `${data.slice(0, 60)}...` : data);
  if (typeof data === "number" || typeof data === "boolean") return String(data);
  if (Array.isArray(data)) return kindOf([]);
  return data === null || data === undefined ? kindOf(null) : kindOf({});
}

/** To the library an integer beyond 2^53 is no number. */
function withoutBigints(value: Tree): unknown {
  if (typeof value === "bigint") return Number(value);
  if (isTreeList(value)) return value.map(withoutBigints);
  if (!isTreeMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutBigints(child)]));
}
