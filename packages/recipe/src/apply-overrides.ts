import {
  formatPath,
  isTreeList,
  isTreeMap,
  kindOf,
  withEntry,
  type Step,
  type Tree,
  type TreeMap,
} from "@slipway/base";
import { isEnabledSwitch } from "./override-source.ts";
import { stepInto } from "./select.ts";
import { overrideText, type ValueOverride } from "./value-override.ts";

/** Values with overrides written into them. */
export interface OverriddenValues {
  readonly values: TreeMap;
  /** Overrides that were left out, as sentences for stderr. */
  readonly warnings: readonly string[];
}

/**
 * Writes overrides into the values of one component, in their order. Maps and lists are made as needed, the item behind
 * the last of a list included; a value at the end of a path is replaced as a whole. An override whose path leads through
 * a text, number or boolean is left out with a warning, and the others still apply (release 0.11.1 of aicr). `enabled` is
 * a switch, not a value: it is never written.
 *
 * @param overrides those of this component: see `overridesFor`
 * @returns new values; those given are not changed
 */
export function applyOverrides(values: TreeMap, overrides: readonly ValueOverride[]): OverriddenValues {
  const warnings: string[] = [];
  let current = values;
  for (const override of overrides) {
    if (isEnabledSwitch(override)) continue;
    const obstacle = obstacleOf(current, override.steps);
    if (obstacle === undefined) current = mapWith(current, override.steps, override.value);
    else warnings.push(`${overrideText(override)} is ignored: ${obstacle}`);
  }
  return { values: current, warnings };
}

/** What keeps a path from being written, as a sentence. */
function obstacleOf(values: Tree, steps: readonly Step[]): string | undefined {
  let here: Tree | undefined = values;
  for (const [index, step] of steps.entries()) {
    if (here === undefined || here === null) here = typeof step === "number" ? [] : {};
    const place = index === 0 ? "the values" : `"${formatPath(steps.slice(0, index))}"`;
    if (typeof step === "string" && !isTreeMap(here)) return `${place} is ${kindOf(here)}, not a map`;
    if (typeof step === "number") {
      if (!isTreeList(here)) return `${place} is ${kindOf(here)}, not a list`;
      if (step > here.length) return `${place} has ${here.length} items, so [${step}] would leave a gap`;
    }
    here = stepInto(here, step);
  }
  return undefined;
}

function mapWith(map: TreeMap, [step = "", ...rest]: readonly Step[], value: Tree): TreeMap {
  const key = String(step);
  return withEntry(map, key, treeWith(stepInto(map, key), rest, value));
}

/** Only called for a path without an obstacle. */
function treeWith(tree: Tree | undefined, steps: readonly Step[], value: Tree): Tree {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === "string") return mapWith(isTreeMap(tree) ? tree : {}, steps, value);
  const list = isTreeList(tree) ? tree : [];
  const item = treeWith(list[step], rest, value);
  return step < list.length ? list.with(step, item) : [...list, item];
}
