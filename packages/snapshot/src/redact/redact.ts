import {
  compactJson,
  isForbiddenKey,
  isTreeList,
  isTreeMap,
  own,
  parseJson,
  type Tree,
  type TreeMap,
} from "@slipway/base";
import type { Measurement, Reading, Subtype } from "../model.ts";
import { REDACTED } from "./marker.ts";
import { isSecret } from "./secret-name.ts";
import { decoded } from "./secret-shapes.ts";
import { redactText } from "./secret-text.ts";

/** Measurements without secrets. */
export interface Redacted {
  readonly measurements: readonly Measurement[];
  /** `Type.subtype.key` of the readings that held one. */
  readonly redacted: readonly string[];
  /** Sentences about readings that no document can hold. */
  readonly notes: readonly string[];
}

/**
 * The last gate before a snapshot: takes secrets out of every reading, whatever collector made it. A reading with a
 * secret stays, with `(redacted)` in the secret's place. A number that is none becomes text, and a key that no document
 * may hold (`__proto__`) is left out with a note.
 */
export function redactMeasurements(measurements: readonly Measurement[]): Redacted {
  const redacted: string[] = [];
  const notes: string[] = [];
  const clean = measurements.map(({ type, subtypes }) => ({
    type,
    subtypes: subtypes.map((subtype): Subtype => {
      const where = `${type}.${subtype.name}`;
      const data = new Map<string, Reading>();
      for (const [key, reading] of subtype.data) {
        if (isForbiddenKey(key)) {
          notes.push(`${where} has a reading named "${key}", which no document may hold; it is left out.`);
          continue;
        }
        const [cleanKey, cleanReading] = redactReading(where, key, reading);
        if (cleanKey !== key || !Object.is(cleanReading, reading)) redacted.push(`${where}.${cleanKey}`);
        data.set(freeKey(data, cleanKey), finite(cleanReading));
      }
      const context = [...(subtype.context ?? [])]
        .filter(([key]) => !isForbiddenKey(key))
        .map(([key, text]): readonly [string, string] => [redactText(key), redactNamed(key, text)]);
      return { name: redactText(subtype.name), data, ...(context.length === 0 ? {} : { context: new Map(context) }) };
    }),
  }));
  return { measurements: clean, redacted, notes };
}

/** Two keys may become one when what told them apart was a secret. */
function freeKey(data: ReadonlyMap<string, Reading>, key: string): string {
  let free = key;
  for (let number = 2; data.has(free); number++) free = `${key} ${number}`;
  return free;
}

function finite(reading: Reading): Reading {
  return typeof reading === "number" && !Number.isFinite(reading) ? String(reading) : reading;
}

/** @param where `Type.subtype` */
function redactReading(where: string, key: string, reading: Reading): readonly [string, Reading] {
  if (where.startsWith("NodeTopology.") && typeof reading === "string") return redactTopology(key, reading);
  const cleanKey = redactText(key);
  // Images and modules are named for what they handle: vault-token is no token.
  if (where === "K8s.image") return [cleanKey, typeof reading === "string" ? redactText(reading) : reading];
  if (typeof reading === "boolean") return [cleanKey, reading];
  if (typeof reading === "number") return [cleanKey, isSecret(key, String(reading)) ? REDACTED : reading];
  return [cleanKey, redactNamed(key, reading)];
}

/**
 * Labels and taints of many nodes: `value|nodes` or `effect|value|nodes`. With several values, the value stands at the end
 * of the key too.
 */
function redactTopology(key: string, reading: string): readonly [string, string] {
  const parts = reading.split("|");
  const value = parts.at(-2);
  if (value === undefined) return [redactText(key), redactText(reading)];
  const name = value !== "" && key.endsWith(`.${value}`) ? key.slice(0, -value.length - 1) : key;
  const clean = redactNamed(name, value);
  if (clean === value) return [redactText(key), redactText(reading)];
  const cleanKey = name === key ? redactText(key) : `${redactText(name)}.${clean}`;
  return [cleanKey, [...parts.slice(0, -2), clean, ...parts.slice(-1)].join("|")];
}

/** Takes secrets out of text that has a name. */
function redactNamed(name: string, text: string): string {
  const tree = jsonOf(text);
  if (tree !== undefined) {
    const clean = redactTree(name, tree);
    return clean === tree ? text : compactJson(clean);
  }
  return isSecret(name, text) || isLogin(name, text) ? REDACTED : redactText(text);
}

/** `auth` of a docker configuration is `user:password` in base64. */
function isLogin(name: string, text: string): boolean {
  return /(?:^|[^A-Za-z0-9])auth$/i.test(name) && /^[A-Za-z0-9+/]{6,}={0,2}$/.test(text) && decoded(text).includes(":");
}

function jsonOf(text: string): Tree | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const tree = parseJson(text);
    return isTreeMap(tree) || isTreeList(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

/** @returns the same object when it holds no secret */
function redactTree(name: string, tree: Tree): Tree {
  if (isTreeList(tree)) return redactList(name, tree);
  if (isTreeMap(tree)) return redactMap(tree);
  if (typeof tree === "string") return redactNamed(name, tree);
  return (typeof tree === "number" || typeof tree === "bigint") && isSecret(name, String(tree)) ? REDACTED : tree;
}

/** A flag's value may be the next item: `["--token", "abc"]`. */
function redactList(name: string, list: readonly Tree[]): Tree {
  const clean = list.map((item, index) => {
    const before = list[index - 1];
    const isValue = typeof before === "string" && /^--?[A-Za-z][\w.-]*$/.test(before) && typeof item === "string";
    return redactTree(isValue && !item.startsWith("-") ? before : name, item);
  });
  return clean.every((item, index) => item === list[index]) ? list : clean;
}

/** `{"name": "NGC_API_KEY", "value": "…"}` has the secret's name beside it. */
function redactMap(map: TreeMap): Tree {
  const label = [own(map, "name"), own(map, "key")].find((value) => typeof value === "string");
  const clean = Object.entries(map).map(([key, child]): readonly [string, Tree] => {
    const named = key === "value" && typeof label === "string" ? label : key;
    return [redactText(key), redactTree(named, child)];
  });
  return clean.every(([key, child]) => own(map, key) === child) ? map : Object.fromEntries(clean);
}
