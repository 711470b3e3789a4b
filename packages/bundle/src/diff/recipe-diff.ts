import { enter, cursorOf, equalTrees, optionalMap, own, type Tree, type TreeMap } from "@slipway/base";
import type { ComponentRef, Recipe } from "@slipway/recipe";
import type { Change, ChangeGroup, ChangeKind, Difference } from "./change.ts";
import { diffDocuments } from "./document-diff.ts";

/** A recipe with the values of its components. */
export interface HydratedRecipe {
  readonly recipe: Recipe;
  /** The hydrated document: `components.NAME.values`. */
  readonly hydrated: TreeMap;
}

/** Where values come from does not matter to a cluster; what they are is compared in the hydrated document. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["name", "valuesFile", "overrides"]);

/**
 * What is different for a cluster between two recipes: components, their values, criteria, constraints, the order of
 * deployment and validation. Who made a recipe out of which overlays is not compared.
 *
 * @throws SlipwayError INVALID_INPUT when a hydrated document has something else than maps for its components
 */
export function diffRecipes(left: HydratedRecipe, right: HydratedRecipe): Difference {
  const [before, after] = [componentTrees(left), componentTrees(right)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return {
    kind: "RecipeDifference",
    groups: [
      ...names.flatMap((name) => componentGroup(name, before.get(name), after.get(name))),
      ...section("criteria", plain(left.recipe.criteria ?? {}), plain(right.recipe.criteria ?? {})),
      ...section("constraints", left.recipe.constraints.map(plain), right.recipe.constraints.map(plain)),
      ...orderSection(left.recipe.deploymentOrder, right.recipe.deploymentOrder),
      ...section("validation", plain(left.recipe.validation), plain(right.recipe.validation)),
    ],
  };
}

function componentTrees({ recipe, hydrated }: HydratedRecipe): ReadonlyMap<string, TreeMap> {
  const components = enter(cursorOf(hydrated), "components");
  return new Map(
    recipe.components.map((component) => {
      const values = optionalMap(enter(enter(components, component.name), "values"));
      return [component.name, componentTree(component, values)];
    }),
  );
}

function componentTree(component: ComponentRef, values: TreeMap | undefined): TreeMap {
  const entries = Object.entries(plain(component)).filter(([key]) => !NOT_COMPARED.has(key));
  return { ...Object.fromEntries(entries), ...(values === undefined ? {} : { values }) };
}

function componentGroup(name: string, left: TreeMap | undefined, right: TreeMap | undefined): readonly ChangeGroup[] {
  const whole = right ?? left ?? {};
  if (left === undefined || right === undefined) {
    const change: ChangeKind = left === undefined ? "added" : "removed";
    return [{ subject: "component", name, change, summary: summaryOf(whole), changes: diffDocuments(left, right) }];
  }
  const changes = diffDocuments(left, right);
  return changes.length === 0 ? [] : [{ subject: "component", name, change: "changed", changes }];
}

function summaryOf(component: TreeMap): string | undefined {
  const version = own(component, "version") ?? own(component, "tag");
  const namespace = own(component, "namespace");
  const parts = [
    typeof version === "string" ? version : undefined,
    typeof namespace === "string" ? `in namespace ${namespace}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" ");
}

function section(subject: ChangeGroup["subject"], left: Tree, right: Tree): readonly ChangeGroup[] {
  const changes = diffDocuments(left, right);
  return changes.length === 0 ? [] : [{ subject, change: "changed", changes }];
}

/** The order is one thing: item by item it would be noise. */
function orderSection(from: readonly string[], to: readonly string[]): readonly ChangeGroup[] {
  if (equalTrees(from, to)) return [];
  const change: Change = { change: "changed", path: [], from, to };
  return [{ subject: "deployment order", change: "changed", changes: [change] }];
}

/** A typed value as a document; what is absent is left out. */
function plain(value: object): TreeMap {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
      const tree = treeOf(child);
      return tree === undefined ? [] : [[key, tree] as const];
    }),
  );
}

function treeOf(value: unknown): Tree | undefined {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return value;
  if (Array.isArray(value)) return value.flatMap((item) => treeOf(item) ?? []);
  return typeof value === "object" ? plain(value) : undefined;
}
