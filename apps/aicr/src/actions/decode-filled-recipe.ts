import { SlipwayError, type Cursor } from "@slipway/base";
import { decodeRecipe, type Recipe } from "@slipway/recipe";

/**
 * Reads a recipe that has components: without any there is nothing to bundle or to compare, and most likely the
 * document is another one.
 *
 * @throws SlipwayError INVALID_INPUT that names the kind that was found; else as `decodeRecipe`
 */
export function decodeFilledRecipe(cursor: Cursor): Recipe {
  const recipe = decodeRecipe(cursor);
  if (recipe.components.length > 0) return recipe;
  const found =
    recipe.kind === "" || recipe.kind === "RecipeResult" ? "" : `: this is a document of kind "${recipe.kind}"`;
  throw new SlipwayError("INVALID_INPUT", `the recipe has no components${found}`, {
    place: { field: "componentRefs" },
    hint: "Make a recipe with aicr recipe.",
  });
}
