import { SlipwayError, didYouMean, isForbiddenKey } from "@slipway/base";
import type { LabelSelector, Toleration } from "./scheduling.ts";

/** What a taint does to pods that do not tolerate it. */
const TAINT_EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

/** What a taint does to pods that do not tolerate it. */
export type TaintEffect = (typeof TAINT_EFFECTS)[number];

/** A taint of a node. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: TaintEffect;
}

/**
 * Reads node or pod labels such as `nodeGroup=system` or `a=1,b=2`: split at the first `=`, an empty value is allowed, a
 * later key wins.
 *
 * @param flag the flag's name, for the error
 * @throws SlipwayError INVALID_INPUT for an entry without `=` or without a key
 */
export function parseNodeSelector(entries: readonly string[], flag: string): LabelSelector {
  const labels = entriesOf(entries).map((entry): readonly [string, string] => {
    const split = entry.indexOf("=");
    if (split < 1) throw new SlipwayError("INVALID_INPUT", `${flag}: expected key=value, found "${entry}"`);
    const key = entry.slice(0, split);
    if (isForbiddenKey(key)) throw new SlipwayError("INVALID_INPUT", `${flag}: the key "${key}" is not allowed`);
    return [key, entry.slice(split + 1)];
  });
  return Object.fromEntries(labels);
}

/**
 * Reads tolerations such as `dedicated=system:NoSchedule` or `nvidia.com/gpu:NoSchedule`. With a value the operator is
 * Equal, without one Exists; an empty key tolerates every taint of the effect.
 *
 * @throws SlipwayError INVALID_INPUT when an entry is not `key=value:effect` or `key:effect`
 */
export function parseToleration(entries: readonly string[], flag: string): readonly Toleration[] {
  return entriesOf(entries).map((entry) => {
    const { key, value, effect } = taintOf(entry, flag);
    return { key, operator: value === "" ? "Exists" : "Equal", value, effect };
  });
}

/**
 * Reads the taint that keeps workloads off a node until it is ready, written as a toleration is.
 *
 * @throws SlipwayError INVALID_INPUT as for a toleration, and for an empty key
 */
export function parseGate(entry: string, flag: string): Taint {
  const taint = taintOf(entry.trim(), flag);
  if (taint.key === "") throw new SlipwayError("INVALID_INPUT", `${flag}: "${entry}" has no key`);
  return taint;
}

/** A taint as text: `key=value:effect`, or `key:effect` without a value. */
export function taintText({ key, value, effect }: Taint): string {
  return value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

/** Neither a label nor a taint can hold a comma, so one may separate several. */
function entriesOf(entries: readonly string[]): readonly string[] {
  return entries.flatMap((entry) => entry.split(",")).map((entry) => entry.trim());
}

function taintOf(entry: string, flag: string): Taint {
  const [name, effect, ...more] = entry.split(":");
  if (name === undefined || effect === undefined || more.length > 0)
    throw new SlipwayError("INVALID_INPUT", `${flag}: expected key=value:effect or key:effect, found "${entry}"`);
  const known = TAINT_EFFECTS.find((candidate) => candidate === effect);
  if (known === undefined)
    throw new SlipwayError(
      "INVALID_INPUT",
      `${flag}: "${effect}" is no effect of a taint; expected ${TAINT_EFFECTS.join(", ")}`,
      { hint: didYouMean(effect, TAINT_EFFECTS) },
    );
  const split = name.indexOf("=");
  return split < 0
    ? { key: name, value: "", effect: known }
    : { key: name.slice(0, split), value: name.slice(split + 1), effect: known };
}
