import { rejectionOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hydrate } from "./hydrate.ts";
import { query } from "./query.ts";
import { select } from "./select.ts";
import { anyResolved, fakeRecipe } from "./testing/arbitrary-catalog.ts";
import { fakeCatalog } from "./testing/fake-catalog.ts";
import { parseSet } from "./value-override.ts";

const A = "components/a/values.yaml";
const B = "components/b/values.yaml";
const RECIPE = fakeRecipe([
  { name: "a", version: "1", valuesFile: A },
  { name: "b", valuesFile: B },
]);

test.each([
  ["components.a.values.x", 1, [A]],
  ['components["a"].values.x', 1, [A]],
  [".components.b", { name: "b", type: "", source: "", values: { y: 2 } }, [B]],
  ["components.a.version", "1", []],
  ["deploymentOrder[1]", "b", []],
  ["criteria.service", "eks", []],
])("%s reads the files of the component it names, and no other", async (selector, value, reads) => {
  const catalog = fakeCatalog({ values: { [A]: { x: 1 }, [B]: { y: 2 } } });
  expect(await query(catalog, RECIPE, selector)).toEqual(value);
  expect(catalog.reads).toEqual(reads);
});

test("a missing path still tells what is there", async () => {
  const catalog = fakeCatalog({ values: { [A]: { x: 1 }, [B]: {} } });
  expect((await rejectionOf(query(catalog, RECIPE, "components.a.values.xx"))).describe()).toBe(
    'there is no "components.a.values.xx"\nDid you mean "components.a.values.x"? "components.a.values" has x.',
  );
  expect((await rejectionOf(query(catalog, RECIPE, "components.a.valuse"))).describe()).toBe(
    'there is no "components.a.valuse"\nDid you mean "components.a.values"? "components.a" has name, type, source, version, values.',
  );
});

test("a component that was left out is not found, and what left it out is named", async () => {
  const off = [parseSet("a:enabled=false")];
  expect(await query(fakeCatalog(), RECIPE, "deploymentOrder", off)).toEqual(["b"]);
  expect((await rejectionOf(query(fakeCatalog(), RECIPE, "components.a.version", off))).describe()).toBe(
    'there is no "components.a.version"\n--set a:enabled=false leaves the component out.',
  );
});

test("a query finds what it would find in the whole document", async () => {
  const selectors = [
    "",
    "components",
    "components.a",
    "components.a.values",
    "components.b.values.x",
    "constraints[0]",
  ];
  await fc.assert(
    fc.asyncProperty(anyResolved, fc.constantFrom(...selectors), async (resolved, selector) => {
      const { catalog, recipe, overrides } = resolved;
      const whole = await hydrate(catalog, recipe, { overrides });
      const expected = outcome(() => select(whole, selector));
      const found = await query(catalog, recipe, selector, overrides).then(
        (value) => ({ value }),
        (error: unknown) => ({ error: String(error) }),
      );
      expect(found).toEqual(expected);
    }),
  );
});

function outcome<Value>(action: () => Value): { readonly value: Value } | { readonly error: string } {
  try {
    return { value: action() };
  } catch (error) {
    return { error: String(error) };
  }
}
