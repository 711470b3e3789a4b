import {
  SlipwayError,
  compareBytes,
  equalTrees,
  formatPath,
  isTreeList,
  isTreeMap,
  own,
  sortedTree,
  type Step,
  type Tree,
  type TreeMap,
} from "@slipway/base";
import { layerTitle, shownValue } from "./layer-title.ts";
import {
  componentHistory,
  constraintHistory,
  type HistoryCatalog,
  type Layer,
  type LayerState,
} from "./layer-history.ts";
import type { Overlay, Recipe, Registry } from "./model.ts";
import { hydrateFor, withLeftOut } from "./query.ts";
import { readingsOf, selectWithPath, valueAt, type Selected } from "./select.ts";
import { switchComponents } from "./switched-components.ts";
import { overrideText, type ValueOverride } from "./value-override.ts";

/** Where the values below a path come from. */
export interface Explanation {
  readonly selector: string;
  /** One for each value below the path that is no map; the path itself when it is such a value. */
  readonly leaves: readonly LeafExplanation[];
  /** How many more leaves there are, beyond the limit. */
  readonly omitted: number;
}

/** Where one value comes from, or what took it away. */
export interface LeafExplanation {
  readonly path: string;
  /** Absent when a layer took it away and none brought it back. */
  readonly value: Tree | undefined;
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
 * Below a map, values that a layer took away come last.
 *
 * @param resolved a recipe with its overlays, base first, in merge order
 * @throws SlipwayError as `query`; NOT_FOUND names the layer that took the path away, where one did
 */
export async function explain(
  catalog: HistoryCatalog,
  resolved: { readonly recipe: Recipe; readonly overlays: readonly Overlay[] },
  selector: string,
  overrides: readonly ValueOverride[] = [],
): Promise<Explanation> {
  const document = await hydrateFor(catalog, resolved.recipe, selector, overrides);
  const histories = new Map<string, Promise<readonly LayerState[]>>();
  const historyOf = (name: string): Promise<readonly LayerState[]> => {
    const history = histories.get(name) ?? componentHistory(catalog, resolved, name, overrides);
    histories.set(name, history);
    return history;
  };
  let selected: Selected;
  try {
    selected = selectWithPath(document, selector);
  } catch (error) {
    throw await withReason(error, catalog, resolved.recipe, selector, overrides, historyOf);
  }
  const present = leavesOf(sortedTree(selected.value), selected.steps);
  const leaves: readonly Leaf[] = [...present, ...(await removedLeaves(selected, historyOf))];
  const constraints = constraintHistory(resolved.overlays, catalog);
  const order = orderHistory(resolved.recipe, catalog.registry, overrides);
  const explained: LeafExplanation[] = [];
  for (const { steps, value } of leaves.slice(0, EXPLAIN_LIMIT)) {
    const [root, name = "", ...rest] = steps;
    const isComponent = root === "components" && typeof name === "string";
    const others = root === "constraints" ? constraints : root === "deploymentOrder" ? order : [];
    const path = isComponent ? rest : othersPath(document, steps);
    const history = isComponent ? await historyOf(name) : others;
    explained.push({ path: formatPath(steps), value, steps: changesAt(history, path, value) });
  }
  return { selector, leaves: explained, omitted: leaves.length - explained.length };
}

type HistoryOf = (component: string) => Promise<readonly LayerState[]>;

/** Adds to a NOT_FOUND which layer took away what the selector names. */
async function withReason(
  error: unknown,
  catalog: HistoryCatalog,
  recipe: Recipe,
  selector: string,
  overrides: readonly ValueOverride[],
  historyOf: HistoryOf,
): Promise<unknown> {
  const known = withLeftOut(error, catalog, recipe, selector, overrides);
  if (known !== error || !(error instanceof SlipwayError) || error.code !== "NOT_FOUND") return known;
  for (const [root, name, ...path] of readingsOf(selector)) {
    if (root !== "components" || typeof name !== "string") continue;
    const history = await historyOf(name);
    const last = history.findLastIndex(({ state }) => valueAt(state, path) !== undefined);
    const [before, remover] = [history[last], history[last + 1]];
    if (before === undefined || remover === undefined) continue;
    const was = shownValue(valueAt(before.state, path) ?? null);
    return new SlipwayError(error.code, error.message, {
      hint: `It was ${was} until ${layerTitle(remover.layer)} took it away. ${error.hint ?? ""}`.trimEnd(),
    });
  }
  return error;
}

/** The leaves below a map of a component that some layer had and the last one has not. */
async function removedLeaves({ steps, value }: Selected, historyOf: HistoryOf): Promise<readonly Leaf[]> {
  const [root = "components", name, ...rest] = steps;
  if (root !== "components" || !isTreeMap(value)) return [];
  const components = steps.length === 0 ? own(value, "components") : steps.length === 1 ? value : undefined;
  const names = typeof name === "string" ? [name] : Object.keys(isTreeMap(components) ? components : {});
  const found = await Promise.all(
    names.map(async (component) => {
      const gone = removedPaths(await historyOf(component), rest);
      return gone.map((path): Leaf => ({ steps: ["components", component, ...path], value: undefined }));
    }),
  );
  return found.flat();
}

/** The paths of leaves below a path that a state of a history has and its last has not, sorted. */
function removedPaths(history: readonly LayerState[], path: readonly Step[]): readonly (readonly Step[])[] {
  const last = history.at(-1)?.state;
  const gone = new Map<string, readonly Step[]>();
  for (const { state } of history) {
    const before = valueAt(state, path);
    for (const { steps } of before === undefined ? [] : leavesOf(sortedTree(before), path)) {
      if (valueAt(last, steps) === undefined) gone.set(formatPath(steps), steps);
    }
  }
  return [...gone].sort(([left], [right]) => compareBytes(left, right)).map(([, steps]) => steps);
}

/** The order of the components before and after each override that leaves some out. */
function orderHistory(recipe: Recipe, registry: Registry, overrides: readonly ValueOverride[]): readonly LayerState[] {
  const { leftOut } = switchComponents(recipe, registry, overrides);
  if (leftOut.size === 0) return [];
  const gone = new Set<string>();
  const later = [...leftOut].map(([name, override]): LayerState => {
    gone.add(name);
    const state = recipe.deploymentOrder.filter((component) => !gone.has(component));
    return { layer: { kind: "set", name: overrideText(override) }, state, own: null };
  });
  return [{ layer: { kind: "computed" }, state: recipe.deploymentOrder, own: null }, ...later];
}

interface Leaf {
  readonly steps: readonly Step[];
  readonly value: Tree | undefined;
}

/** Constraints are merged by name, so each of them is looked at; any other list is one value, as merging treats it. */
function leavesOf(value: Tree, steps: readonly Step[]): readonly Leaf[] {
  const isConstraints = steps.length === 1 && steps[0] === "constraints";
  if (isTreeList(value) && isConstraints) return value.flatMap((item, index) => leavesOf(item, [...steps, index]));
  if (!isTreeMap(value) || Object.keys(value).length === 0) return [{ steps, value }];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...steps, key]));
}

/** Where a value of the document stands in its history: `constraints[2].value` by the name of the constraint. */
function othersPath(document: TreeMap, [root, index, ...rest]: readonly Step[]): readonly Step[] {
  if (root !== "constraints") return index === undefined ? [] : [index, ...rest];
  const constraints = document["constraints"];
  const item = isTreeList(constraints) && typeof index === "number" ? constraints[index] : undefined;
  const name = isTreeMap(item) ? own(item, "name") : undefined;
  return typeof name === "string" ? [name, ...rest] : [];
}

function changesAt(
  history: readonly LayerState[],
  path: readonly Step[],
  value: Tree | undefined,
): readonly ExplainStep[] {
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
