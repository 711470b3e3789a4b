import { mapAt, valueAt } from "@slipway/base";
import { hydrate, resolve } from "@slipway/recipe";
import { expect, test } from "vitest";
import { bundleAll } from "./matrix/bundles.ts";
import { combinations, distinctRecipes, ownCatalog } from "./matrix/recipes.ts";

// The deployers of Git repositories are in catalog-matrix-git.test.ts, so that both run at once.

test("every combination of criteria resolves, and hydrates to each of its components", async () => {
  const catalog = await ownCatalog();
  const strange: string[] = [];
  for (const criteria of combinations()) {
    const { recipe } = resolve(catalog, criteria, { version: "test" });
    const hydrated = mapAt(await hydrate(catalog, recipe), "components");
    const names = recipe.components.map(({ name }) => name).sort();
    const isWhole =
      Object.keys(hydrated).sort().join() === names.join() &&
      names.every((name) => valueAt(hydrated, name, "name") === name);
    if (!isWhole) strange.push(Object.values(criteria).join("/"));
  }
  expect(strange).toEqual([]);
});

test("many recipes differ", async () => {
  expect(distinctRecipes(await ownCatalog()).length).toBeGreaterThan(500);
});

test.each(["helm", "helmfile"] as const)(
  "every recipe bundles with %s, and nothing is wrong with it",
  async (deployer) => {
    const { bundles, faults } = await bundleAll(deployer);
    expect(faults).toEqual([]);
    expect(bundles).toBeGreaterThan(500);
  },
);
