import { group, type Tree, type TreeMap } from "@slipway/base";
import { applyOverrides } from "./apply-overrides.ts";
import { componentValues } from "./component-values.ts";
import type { Catalog, ComponentRef, Recipe } from "./model.ts";
import { overridesFor } from "./override-source.ts";
import { constraintTree, criteriaTree, warningTree } from "./recipe-document.ts";
import { switchComponents } from "./switched-components.ts";
import type { ValueOverride } from "./value-override.ts";

/** What to hydrate, and with what. */
export interface HydrateOptions {
  /** Values that a user sets, laid over those of the recipe. */
  readonly overrides?: readonly ValueOverride[];
  /** The components whose values are read; default all. */
  readonly wanted?: (component: string) => boolean;
}

const COMPONENTS_AT_ONCE = 16;

/**
 * The whole recipe as one document, with the values of every component (release 0.11.1 of aicr): kind, apiVersion,
 * metadata, criteria (all six fields, unset ones as `any` and 0), constraints when there are any, deploymentOrder and
 * components, a map by name. Fields that are empty are left out of a component, except name, type and source. A component
 * that an override switches off is not there.
 *
 * @throws SlipwayError as {@link componentValues}
 */
export async function hydrate(
  catalog: Pick<Catalog, "values" | "files" | "registry">,
  whole: Recipe,
  { overrides = [], wanted = () => true }: HydrateOptions = {},
): Promise<TreeMap> {
  const { recipe } = switchComponents(whole, catalog.registry, overrides);
  const tasks = recipe.components.map((component) => async (): Promise<readonly [string, Tree]> => {
    if (!wanted(component.name)) return [component.name, hydratedComponent(component)];
    const own = overridesFor(component.name, catalog.registry, overrides);
    const values = applyOverrides(await componentValues(catalog, component), own.overrides);
    return [component.name, hydratedComponent(component, values.values)];
  });
  const components = await group(COMPONENTS_AT_ONCE, tasks);
  return { ...recipeFields(recipe), components: Object.fromEntries(components) };
}

function recipeFields(recipe: Recipe): TreeMap {
  const { metadata, constraints } = recipe;
  return {
    kind: recipe.kind,
    apiVersion: recipe.apiVersion,
    metadata: {
      version: metadata.version ?? "",
      appliedOverlays: metadata.appliedOverlays,
      excludedOverlays: metadata.excludedOverlays,
      constraintWarnings: metadata.constraintWarnings.map(warningTree),
    },
    criteria: criteriaTree({ ...recipe.criteria, nodes: recipe.criteria?.nodes ?? 0 }),
    ...(constraints.length === 0 ? {} : { constraints: constraints.map(constraintTree) }),
    deploymentOrder: recipe.deploymentOrder,
  };
}

/** A component as a hydrated document shows it. */
export function hydratedComponent(component: ComponentRef, values: TreeMap = {}): TreeMap {
  const { namespace, chart, version, tag, path, dependencyRefs } = component;
  return {
    name: component.name,
    type: component.type ?? "",
    source: component.source ?? "",
    ...given({ namespace, chart, version, tag, path }),
    ...(dependencyRefs === undefined || dependencyRefs.length === 0 ? {} : { dependencyRefs }),
    ...(Object.keys(values).length === 0 ? {} : { values }),
  };
}

function given(fields: Readonly<Record<string, string | undefined>>): TreeMap {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}
