import { expect, test } from "vitest";
import { overrideWarnings, switchComponents } from "./switched-components.ts";
import { fakeRecipe } from "./testing/arbitrary-catalog.ts";
import { fakeCatalog, fakeRegistryComponent } from "./testing/fake-catalog.ts";
import { parseSet } from "./value-override.ts";

const REGISTRY = [fakeRegistryComponent("a", ["alpha", "first"])];
const RECIPE = fakeRecipe([{ name: "a" }, { name: "b", overrides: { enabled: false, x: 1 } }]);

test("what --set leaves out goes with its place in the order; the last word counts", () => {
  const off = parseSet("alpha:enabled=false");
  expect(switchComponents(RECIPE, REGISTRY, [parseSet("alpha:enabled=true"), off])).toEqual({
    recipe: { ...RECIPE, components: [RECIPE.components[1]], deploymentOrder: ["b"] },
    leftOut: new Map([["a", off]]),
  });
  expect(switchComponents(RECIPE, REGISTRY, [off, parseSet("alpha:enabled=true")]).recipe).toBe(RECIPE);
});

test("what the recipe itself switches off stays to be looked at", () => {
  expect(switchComponents(RECIPE, REGISTRY, []).recipe).toBe(RECIPE);
});

test("overrides that change nothing are told, with the reason", async () => {
  const set = ["c:x=1", "b:enabled=perhaps", "alpha:x=1", "first:x=2", "b:x.y=1"].map(parseSet);
  expect(await overrideWarnings(fakeCatalog({ registry: REGISTRY }), RECIPE, set)).toEqual([
    '--set c:x=1 is ignored: there is no component "c". Did you mean "a"?',
    "--set b:enabled=perhaps is ignored: expected true or false",
    '--set first:x=2 is ignored: "alpha" sets values of a too, and wins',
    '--set b:x.y=1 is ignored: "x" is a number, not a map',
  ]);
});

test("without overrides no file is read", async () => {
  const catalog = fakeCatalog();
  expect([await overrideWarnings(catalog, RECIPE, []), catalog.reads]).toEqual([[], []]);
});
