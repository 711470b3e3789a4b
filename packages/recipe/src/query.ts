import { SlipwayError, type Tree, type TreeMap } from "@slipway/base";
import { hydrate } from "./hydrate.ts";
import type { Catalog, Recipe } from "./model.ts";
import { readingsOf, select } from "./select.ts";
import { switchComponents } from "./switched-components.ts";
import { overrideText, type ValueOverride } from "./value-override.ts";

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
  const document = await hydrateFor(catalog, recipe, selector, overrides);
  try {
    return select(document, selector);
  } catch (error) {
    throw withLeftOut(error, catalog, recipe, selector, overrides);
  }
}

/** Says of a path that is not found which override left its component out, where one did. */
export function withLeftOut(
  error: unknown,
  { registry }: Pick<Catalog, "registry">,
  recipe: Recipe,
  selector: string,
  overrides: readonly ValueOverride[],
): unknown {
  if (!(error instanceof SlipwayError) || error.code !== "NOT_FOUND") return error;
  const { leftOut } = switchComponents(recipe, registry, overrides);
  const override = readingsOf(selector)
    .filter(([root]) => root === "components")
    .map(([, name]) => leftOut.get(String(name)))
    .find((candidate) => candidate !== undefined);
  if (override === undefined) return error;
  return new SlipwayError(error.code, error.message, { hint: `${overrideText(override)} leaves the component out.` });
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
