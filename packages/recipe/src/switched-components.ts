import { applyOverrides } from "./apply-overrides.ts";
import { componentValues } from "./component-values.ts";
import type { Catalog, Recipe, Registry } from "./model.ts";
import { enabledOf, overridesFor, unknownOverrideKeys } from "./override-source.ts";
import type { ValueOverride } from "./value-override.ts";

/** A recipe without the components that a user left out. */
export interface SwitchedRecipe {
  readonly recipe: Recipe;
  /** The override that left a component out, by the component's name. */
  readonly leftOut: ReadonlyMap<string, ValueOverride>;
}

/**
 * Takes out of a recipe what `--set NAME:enabled=false` leaves out: the component and its place in the order. A component
 * that only its own `overrides` switch off stays: that is the recipe's word, and the recipe is what is looked at.
 */
export function switchComponents(
  recipe: Recipe,
  registry: Registry,
  overrides: readonly ValueOverride[],
): SwitchedRecipe {
  const leftOut = new Map<string, ValueOverride>();
  for (const component of recipe.components) {
    const { enabled, decidedBy } = enabledOf(component, registry, overrides);
    if (!enabled && decidedBy !== undefined) leftOut.set(component.name, decidedBy);
  }
  if (leftOut.size === 0) return { recipe, leftOut };
  const components = recipe.components.filter(({ name }) => !leftOut.has(name));
  const deploymentOrder = recipe.deploymentOrder.filter((name) => !leftOut.has(name));
  return { recipe: { ...recipe, components, deploymentOrder }, leftOut };
}

/**
 * What a user should know about overrides, as sentences for stderr: keys that are no component, switches that are neither
 * on nor off, overrides that another name of the component hides, and those that cannot be written.
 *
 * @throws SlipwayError as {@link componentValues}, for a component that an override is for
 */
export async function overrideWarnings(
  catalog: Pick<Catalog, "values" | "files" | "registry">,
  recipe: Recipe,
  overrides: readonly ValueOverride[],
): Promise<readonly string[]> {
  if (overrides.length === 0) return [];
  const { registry } = catalog;
  const switches = recipe.components.flatMap((component) => enabledOf(component, registry, overrides).warnings);
  const { components } = switchComponents(recipe, registry, overrides).recipe;
  const found: string[] = [];
  for (const component of components) {
    const own = overridesFor(component.name, registry, overrides);
    if (own.overrides.length === 0) continue;
    const { warnings } = applyOverrides(await componentValues(catalog, component), own.overrides);
    found.push(...own.warnings, ...warnings);
  }
  return [...unknownOverrideKeys(recipe.components, registry, overrides), ...switches, ...found];
}
