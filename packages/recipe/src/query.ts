import type { Tree, TreeMap } from "@slipway/base";
import { hydrate } from "./hydrate.ts";
import type { Catalog, Recipe } from "./model.ts";
import { readingsOf, select } from "./select.ts";
import type { ValueOverride } from "./value-override.ts";

/**
 * The value of a recipe that a selector names, in the hydrated document. Only the components that the selector can mean
 * are hydrated, so that one value costs the files of one component.
 *
 * @param overrides values that a user sets, laid over those of the recipe
 * @throws SlipwayError as {@link select} and {@link hydrate}
 */
export async function query(
  catalog: Pick<Catalog, "values" | "files" | "registry">,
  recipe: Recipe,
  selector: string,
  overrides: readonly ValueOverride[] = [],
): Promise<Tree> {
  return select(await hydrateFor(catalog, recipe, selector, overrides), selector);
}

/** The hydrated document as far as a selector can look into it; other components come without their values. */
export async function hydrateFor(
  catalog: Pick<Catalog, "values" | "files" | "registry">,
  recipe: Recipe,
  selector: string,
  overrides: readonly ValueOverride[] = [],
): Promise<TreeMap> {
  return hydrate(catalog, recipe, { overrides, wanted: wantedBy(selector) });
}

/** Fields of a component that are known without its values. */
const OWN_FIELDS: ReadonlySet<unknown> = new Set([
  "name",
  "type",
  "source",
  "namespace",
  "chart",
  "version",
  "tag",
  "path",
  "dependencyRefs",
]);

function wantedBy(selector: string): (component: string) => boolean {
  const readings = readingsOf(selector);
  return (component) =>
    readings.some(([first, second, third]) => {
      if (first === undefined) return true;
      if (first !== "components") return false;
      return second === undefined || (second === component && !OWN_FIELDS.has(third));
    });
}
