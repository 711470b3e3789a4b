import {
  CORE_SCHEMA,
  DUMP_SCHEMA,
  FAILSAFE_SCHEMA,
  NOT_RESOLVED,
  defineMappingTag,
  defineScalarTag,
  mergeTag,
  type Schema,
} from "js-yaml";
import { isForbiddenKey } from "./tree.ts";

const INTEGER = /^([-+]?)(0b[01_]+|0x[\da-fA-F_]+|0o[0-7_]+|\d[\d_]*)$/;
const OCTAL = /^0[0-7]+$/;
/** A bare prefix, or a leading zero before digits that are not octal: Go reads such text as a float or not at all. */
const NOT_A_NUMBER = /^0([box]|\d*[89]\d*)$/;
/** More than 64 bits have in any base: reading a number takes time that grows with the square of its length. */
const MOST_DIGITS = 100;
const LARGEST = 2n ** 64n - 1n;
const SMALLEST = -(2n ** 63n);

/**
 * An integer as Go's yaml.v3 reads it: `0755` is octal, `1_000` a number, and what does not fit 64 bits is not an
 * integer but a float.
 *
 * @returns a number, a bigint beyond 2^53, or nothing when the text is no such integer
 */
export function integerOf(text: string): number | bigint | undefined {
  const [, sign = "", signless = ""] = INTEGER.exec(text) ?? [];
  const digits = signless.replaceAll("_", "");
  if (digits === "" || digits.length > MOST_DIGITS || NOT_A_NUMBER.test(digits)) return undefined;
  const magnitude = BigInt(OCTAL.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = sign === "-" ? -magnitude : magnitude;
  if (value > LARGEST || value < SMALLEST) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const integerTag = defineScalarTag<number | bigint>("tag:yaml.org,2002:int", {
  implicit: true,
  implicitFirstChars: ["-", "+", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  resolve: (source) => integerOf(source) ?? NOT_RESOLVED,
  identify: (data) => typeof data === "bigint" || (Number.isSafeInteger(data) && !Object.is(data, -0)),
  represent: String,
});

/** Maps with text keys only: a scalar key becomes its text, and keys that reach a prototype are refused. */
const mapTag = defineMappingTag<Record<string, unknown>>("tag:yaml.org,2002:map", {
  create: () => ({}),
  addPair: (map, key, value) => {
    if (typeof key === "object" && key !== null) return "a key must be text, not a list or a map";
    const name = String(key);
    if (isForbiddenKey(name)) return `the key "${name}" is not allowed`;
    map[name] = value;
    return "";
  },
  has: (map, key) => Object.hasOwn(map, String(key)),
  keys: (map) => Object.keys(map),
  get: (map, key) => map[String(key)],
  identify: (data) => typeof data === "object" && data !== null && !Array.isArray(data),
  represent: (map) => new Map<unknown, unknown>(Object.entries(map)),
});

/** What YAML text means to Slipway: YAML 1.2 booleans and text (`yes` is text), Go's integers, `<<` merging. */
export const READ_SCHEMA: Schema = CORE_SCHEMA.withTags(integerTag, mapTag, mergeTag);

/** The same maps and merging, with every scalar as the text that stands in the source. */
export const TEXT_SCHEMA: Schema = FAILSAFE_SCHEMA.withTags(mapTag, mergeTag);

/** What must be quoted so that YAML 1.1 readers (Helm, kubectl) see the same text. */
export const WRITE_SCHEMA: Schema = DUMP_SCHEMA.withTags(integerTag, mapTag);
