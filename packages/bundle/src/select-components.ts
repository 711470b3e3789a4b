import { SlipwayError, compareBytes } from "@slipway/base";
import { enabledOf, type ComponentRef, type Recipe, type Registry, type ValueOverride } from "@slipway/recipe";
import { pathFault } from "./bundle-path.ts";

/** The components that a bundle has. */
export interface SelectedComponents {
  /** In the order in which they are installed. */
  readonly components: readonly ComponentRef[];
  /** The recipe without the components that were left out, everything else as it was. */
  readonly recipe: Recipe;
  readonly warnings: readonly string[];
}

/**
 * The components that are switched on, in deployment order: names that the order lacks come last, by name, and without
 * an order the order of the recipe is kept (release 0.11.1 of aicr).
 *
 * @throws SlipwayError INVALID_INPUT when none is left, when a name cannot be that of a folder, or is there twice
 */
export function selectComponents(
  recipe: Recipe,
  registry: Registry,
  overrides: readonly ValueOverride[],
): SelectedComponents {
  if (recipe.components.length === 0)
    throw new SlipwayError("INVALID_INPUT", "the recipe has no components", {
      place: { field: "componentRefs" },
      hint: "Make a recipe with `aicr recipe`.",
    });
  checkNames(recipe.components);
  const answers = recipe.components.map((component) => ({ component, ...enabledOf(component, registry, overrides) }));
  const kept = answers.filter(({ enabled }) => enabled).map(({ component }) => component);
  if (kept.length === 0)
    throw new SlipwayError("INVALID_INPUT", "every component of the recipe is switched off", {
      hint: "Give --set NAME:enabled=true for at least one.",
    });
  const dropped = new Set(answers.filter(({ enabled }) => !enabled).map(({ component }) => component.name));
  return {
    components: inOrder(kept, recipe.deploymentOrder),
    recipe: {
      ...recipe,
      components: kept,
      deploymentOrder: recipe.deploymentOrder.filter((name) => !dropped.has(name)),
    },
    warnings: [
      ...answers.flatMap(({ warnings }) => warnings),
      ...answers
        .filter(({ component, enabled }) => !enabled && enabledOf(component, registry, []).enabled)
        .flatMap(({ component }) => missedWarnings(component.name, kept)),
    ],
  };
}

/** What is left of a recipe may need what a flag has switched off. */
function missedWarnings(name: string, kept: readonly ComponentRef[]): readonly string[] {
  const dependents = kept.filter(({ dependencyRefs }) => dependencyRefs?.includes(name)).map((other) => other.name);
  return dependents.length === 0 ? [] : [`${name} is switched off, but needed by ${dependents.join(", ")}`];
}

function inOrder(components: readonly ComponentRef[], order: readonly string[]): readonly ComponentRef[] {
  if (order.length === 0) return components;
  const position = new Map(order.map((name, index) => [name, index]));
  const at = ({ name }: ComponentRef): number => position.get(name) ?? order.length;
  return [...components].sort((left, right) => at(left) - at(right) || compareBytes(left.name, right.name));
}

function checkNames(components: readonly ComponentRef[]): void {
  const seen = new Set<string>();
  for (const { name } of components) {
    const fault = nameFault(name) ?? (seen.has(name) ? "it is there twice" : undefined);
    if (fault !== undefined)
      throw new SlipwayError("INVALID_INPUT", `${JSON.stringify(name)} cannot name a component: ${fault}`, {
        place: { field: "componentRefs" },
        hint: "A component's name is the name of its folder: use letters, digits and dashes.",
      });
    seen.add(name);
  }
}

function nameFault(name: string): string | undefined {
  if (name.includes("/")) return "it has a slash";
  if (name.includes("..")) return "it has two dots in a row";
  if (name.startsWith("-")) return "it starts with a dash";
  if (name.startsWith(".") && name !== ".") return "it starts with a dot, which hides its folder";
  return pathFault(name);
}
