import { errorOf } from "@slipway/base/testing";
import { parseSet, type ComponentRef, type Recipe } from "@slipway/recipe";
import { fakeRecipe, fakeRegistryComponent } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { selectComponents } from "./select-components.ts";

function recipeOf(names: readonly string[], order: readonly string[] = names): Recipe {
  return { ...fakeRecipe(names.map((name): ComponentRef => ({ name }))), deploymentOrder: order };
}

function orderOf(recipe: Recipe): readonly string[] {
  return selectComponents(recipe, [], []).components.map(({ name }) => name);
}

test("components follow the order; those it lacks come last by name; without an order the recipe's is kept", () => {
  expect(orderOf(recipeOf(["c", "d", "a", "b"], ["b", "x", "c"]))).toEqual(["b", "c", "a", "d"]);
  expect(orderOf(recipeOf(["c", "a", "b"], []))).toEqual(["c", "a", "b"]);
});

test("components that are switched off leave the recipe and its order, and nothing else changes", () => {
  const recipe = {
    ...recipeOf(["a", "b", "c"], ["c", "b", "a", "x"]),
    components: [{ name: "a", dependencyRefs: ["b"] }, { name: "b" }, { name: "c", overrides: { enabled: false } }],
  };
  const registry = [fakeRegistryComponent("b", ["bee"])];
  const selected = selectComponents(recipe, registry, [parseSet("bee:enabled=F"), parseSet("a:enabled=maybe")]);
  expect(selected.recipe).toEqual({
    ...recipe,
    components: [{ name: "a", dependencyRefs: ["b"] }],
    deploymentOrder: ["a", "x"],
  });
  expect(selected.warnings).toEqual([
    "--set a:enabled=maybe is ignored: expected true or false",
    "b is switched off, but needed by a",
  ]);
  const back = selectComponents(recipe, registry, [parseSet("c:enabled=1")]);
  expect(back.components.map(({ name }) => name)).toEqual(["c", "b", "a"]);
});

test("a bundle needs a component", () => {
  expect(errorOf(() => orderOf(recipeOf([]))).describe()).toBe(
    "componentRefs: the recipe has no components\nMake a recipe with `aicr recipe`.",
  );
  expect(errorOf(() => selectComponents(recipeOf(["a"]), [], [parseSet("a:enabled=false")])).describe()).toBe(
    "every component of the recipe is switched off\nGive --set NAME:enabled=true for at least one.",
  );
});

test.each([
  ["", "the path is empty"],
  ["x/y", "it has a slash"],
  ["..", "it has two dots in a row"],
  ["a..b", "it has two dots in a row"],
  [".", "the path has an empty part"],
  ["a\\b", "the path has a backslash"],
  ["a\nb", "the path has a control character"],
  ["--help", "it starts with a dash"],
  [".git", "it starts with a dot, which hides its folder"],
])("%j cannot name a component", (name, fault) => {
  const error = errorOf(() => orderOf(recipeOf([name])));
  expect([error.code, error.message]).toEqual([
    "INVALID_INPUT",
    `${JSON.stringify(name)} cannot name a component: ${fault}`,
  ]);
});

test("a name counts once", () => {
  expect(errorOf(() => orderOf(recipeOf(["a", "a"]))).message).toBe('"a" cannot name a component: it is there twice');
});
