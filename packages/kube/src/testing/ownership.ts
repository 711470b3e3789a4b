import { equalTrees, formatPath, isTreeMap, type Tree, type TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";
import type { Address } from "./store.ts";

/**
 * Refuses to apply, without force, another value to a field than another manager applied. Lists count as a whole; who
 * wrote a field without applying it does not own it here.
 */
export function checkConflicts(
  { kind, name }: Address,
  manager: string,
  managers: ReadonlyMap<string, TreeMap>,
  now: TreeMap,
): void {
  const conflicts = [...managers]
    .filter(([other]) => other !== manager)
    .flatMap(([other, theirs]) => differences([], theirs, now).map((field) => `conflict with "${other}": ${field}`));
  if (conflicts.length === 0) return;
  const count = conflicts.length === 1 ? "1 conflict" : `${conflicts.length} conflicts`;
  throw new ApiFailure("Conflict", `Apply failed with ${count}: ${conflicts.join(", ")}`, { name, kind: kind.plural });
}

function differences(path: readonly string[], theirs: Tree, ours: Tree): readonly string[] {
  if (isTreeMap(theirs) && isTreeMap(ours)) {
    return Object.entries(ours).flatMap(([key, value]) => {
      const other = Object.hasOwn(theirs, key) ? theirs[key] : undefined;
      return other === undefined ? [] : differences([...path, key], other, value);
    });
  }
  return equalTrees(theirs, ours) ? [] : [`.${formatPath(path)}`];
}
