import { equalTrees, formatPath, isTreeList, isTreeMap, own, sortedTree, type Step, type Tree } from "@slipway/base";
import { componentHistory, constraintHistory, type Layer, type LayerState } from "./layer-history.ts";
import type { Catalog, Overlay, Recipe } from "./model.ts";
import { hydrateFor } from "./query.ts";
import { selectWithPath, valueAt } from "./select.ts";
import type { ValueOverride } from "./value-override.ts";

/** Where the values below a path come from. */
export interface Explanation {
  readonly selector: string;
  /** One for each value below the path that is no map; the path itself when it is such a value. */
  readonly leaves: readonly LeafExplanation[];
  /** How many more leaves there are, beyond the limit. */
  readonly omitted: number;
}

/** Where one value comes from. */
export interface LeafExplanation {
  readonly path: string;
  readonly value: Tree;
  /** The layers that set it or changed it, oldest first; the last one decided. */
  readonly steps: readonly ExplainStep[];
}

/** One layer that set a value. */
export interface ExplainStep {
  readonly layer: Layer;
  /** The value after the layer; absent when the layer took it away. */
  readonly value: Tree | undefined;
}

/** How many values below a path are explained. */
export const EXPLAIN_LIMIT = 200;

/**
 * Explains which layer set the value that a selector names, and what that layer replaced: base, overlays, registry
 * defaults, values files, overrides of overlays, and what a user sets. A layer that says the same again is listed too.
 *
 * @param resolved a recipe with its overlays, base first, in merge order
 * @throws SlipwayError as `query`
 */
export async function explain(
  catalog: Pick<Catalog, "values" | "files" | "registry">,
  resolved: { readonly recipe: Recipe; readonly overlays: readonly Overlay[] },
  selector: string,
  overrides: readonly ValueOverride[] = [],
): Promise<Explanation> {
  const document = await hydrateFor(catalog, resolved.recipe, selector, overrides);
  const selected = selectWithPath(document, selector);
  const leaves = leavesOf(sortedTree(selected.value), selected.steps);
  const histories = new Map<string, Promise<readonly LayerState[]>>();
  const historyOf = (name: string): Promise<readonly LayerState[]> => {
    const history = histories.get(name) ?? componentHistory(catalog, resolved, name, overrides);
    histories.set(name, history);
    return history;
  };
  const constraints = constraintHistory(resolved.overlays);
  const explained: LeafExplanation[] = [];
  for (const { steps, value } of leaves.slice(0, EXPLAIN_LIMIT)) {
    const [root, name = "", ...rest] = steps;
    const isComponent = root === "components" && typeof name === "string";
    const history = isComponent ? await historyOf(name) : root === "constraints" ? constraints : [];
    const path = isComponent ? rest : constraintPath(document["constraints"], steps);
    explained.push({ path: formatPath(steps), value, steps: changesAt(history, path, value) });
  }
  return { selector, leaves: explained, omitted: leaves.length - explained.length };
}

interface Leaf {
  readonly steps: readonly Step[];
  readonly value: Tree;
}

/** Constraints are merged by name, so each of them is looked at; any other list is one value, as merging treats it. */
function leavesOf(value: Tree, steps: readonly Step[]): readonly Leaf[] {
  const isConstraints = steps.length === 1 && steps[0] === "constraints";
  if (isTreeList(value) && isConstraints) return value.flatMap((item, index) => leavesOf(item, [...steps, index]));
  if (!isTreeMap(value) || Object.keys(value).length === 0) return [{ steps, value }];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...steps, key]));
}

/** `constraints[2].value` in the history of constraints, which has them by name. */
function constraintPath(constraints: Tree | undefined, [, index, ...rest]: readonly Step[]): readonly Step[] {
  const item = isTreeList(constraints) && typeof index === "number" ? constraints[index] : undefined;
  const name = isTreeMap(item) ? own(item, "name") : undefined;
  return typeof name === "string" ? [name, ...rest] : [];
}

function changesAt(history: readonly LayerState[], path: readonly Step[], value: Tree): readonly ExplainStep[] {
  const changes: ExplainStep[] = [];
  let before: Tree | undefined;
  for (const { layer, state, own } of history) {
    const after = valueAt(state, path);
    if (!equalTrees(before, after) || valueAt(own, path) !== undefined) changes.push({ layer, value: after });
    before = after;
  }
  // What no layer says is worked out when the recipe is resolved: criteria, metadata, the order.
  return equalTrees(before, value) ? changes : [...changes, { layer: { kind: "computed" }, value }];
}
