import { isForbiddenKey } from "@slipway/base";
import { REDACTED, isSecret, redactNamed, redactText } from "@slipway/base/redact";
import type { Measurement, Reading, Subtype } from "../model.ts";

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
