import { equalTrees, isTreeMap, type Step, type Tree } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { explanationText, explanationTree } from "./explain-output.ts";
import { EXPLAIN_LIMIT, explain } from "./explain.ts";
import { hydrate } from "./hydrate.ts";
import { mergeOverlays } from "./merge-overlay.ts";
import { withRegistryDefaults } from "./registry-defaults.ts";
import { valueAt } from "./select.ts";
import { anyResolved, fakeRecipe } from "./testing/arbitrary-catalog.ts";
import { fakeCatalog, fakeOverlay, fakeRegistryComponent } from "./testing/fake-catalog.ts";
import { parseSet, parseSetJson } from "./value-override.ts";

const OVERLAYS = [
  {
    ...fakeOverlay("base", [{ name: "gpu", version: "v1", valuesFile: "components/gpu/values.yaml" }]),
    constraints: [{ name: "K8s.server.version", value: ">= 1.28" }],
  },
  {
    ...fakeOverlay("eks", [{ name: "gpu", valuesFile: "components/gpu/eks.yaml", overrides: { cdi: { on: true } } }]),
    constraints: [{ name: "A.first.one", value: "1" }],
  },
  {
    ...fakeOverlay("eks-h100", [{ name: "gpu", version: "v2", overrides: { driver: { version: "590" } } }]),
    constraints: [{ name: "K8s.server.version", value: ">= 1.32" }],
  },
];
const CATALOG = fakeCatalog({
  registry: [fakeRegistryComponent("gpu")],
  values: {
    "components/gpu/values.yaml": { driver: { version: "570", enabled: true }, cdi: { on: false, legacy: true } },
    "components/gpu/eks.yaml": { driver: { version: "580", enabled: true } },
  },
});
const MERGED = mergeOverlays(OVERLAYS);
const RESOLVED = {
  overlays: OVERLAYS,
  recipe: {
    ...fakeRecipe(withRegistryDefaults(MERGED.components, CATALOG.registry)),
    constraints: MERGED.constraints,
  },
};

async function text(selector: string, ...set: readonly string[]): Promise<string> {
  return explanationText(await explain(CATALOG, RESOLVED, selector, set.map(parseSet)));
}

test("a value tells every layer that set it, oldest first, the deciding one marked", async () => {
  expect(await text("components.gpu.values.driver.version", "gpu:driver.version=570.10")).toBe(
    `components.gpu.values.driver.version: "570.10"
    base file components/gpu/values.yaml                 "570"
    values file components/gpu/eks.yaml (chosen by eks)  "580"
    override of eks-h100 (overlays/eks-h100.yaml)        "590"
  * --set gpu:driver.version=570.10                      "570.10"
`,
  );
});

test("a layer that says the same again is told too", async () => {
  expect(await text("components.gpu.values.driver.enabled")).toBe(
    `components.gpu.values.driver.enabled: true
    base file components/gpu/values.yaml                 true
  * values file components/gpu/eks.yaml (chosen by eks)  true
`,
  );
});

test("fields of a component come from overlays and from the registry", async () => {
  expect(await text("components.gpu.version")).toBe(
    `components.gpu.version: "v2"
    base (overlays/base.yaml)                  "v1"
  * overlay eks-h100 (overlays/eks-h100.yaml)  "v2"
`,
  );
  expect(await text("components.gpu.chart")).toBe(
    `components.gpu.chart: "gpu"\n  * registry default (registry.yaml)  "gpu"\n`,
  );
});

test("a constraint is followed by its name, not by its place", async () => {
  expect(await text("constraints[1].value")).toBe(
    `constraints[1].value: ">= 1.32"
    base (overlays/base.yaml)                  ">= 1.28"
  * overlay eks-h100 (overlays/eks-h100.yaml)  ">= 1.32"
`,
  );
});

test("what no layer says is computed", async () => {
  expect(await text("criteria.service")).toBe(
    `criteria.service: "eks"\n  * computed from the criteria and the overlays  "eks"\n`,
  );
});

test("a value that an override takes away with its map is gone for the later layers", async () => {
  const overlays = [
    fakeOverlay("base", [{ name: "a", overrides: { m: { x: 1, y: 1 } } }]),
    fakeOverlay("top", [{ name: "a", overrides: { m: { x: 2 } } }]),
    fakeOverlay("leaf", [{ name: "a", overrides: { m: { y: 3 } } }]),
  ];
  const resolved = { overlays, recipe: fakeRecipe(mergeOverlays(overlays).components) };
  expect(explanationText(await explain(fakeCatalog(), resolved, "components.a.values.m.y"))).toBe(
    `components.a.values.m.y: 3
    override of base (overlays/base.yaml)  1
    override of top (overlays/top.yaml)    (taken away)
  * override of leaf (overlays/leaf.yaml)  3
`,
  );
});

/** A file's map, an override that adds to it, and one that replaces the top-level key. */
const REPLACED = {
  catalog: fakeCatalog({ values: { "components/a/values.yaml": { m: { a: 0, c: 5 }, k: 1 } } }),
  overlays: [
    fakeOverlay("base", [{ name: "a", valuesFile: "components/a/values.yaml", overrides: { m: { a: 1, b: 2 } } }]),
    fakeOverlay("leaf", [{ name: "a", overrides: { m: { a: 9 } } }]),
  ],
};
const GONE = { ...REPLACED, recipe: fakeRecipe(mergeOverlays(REPLACED.overlays).components) };

test("below a map, what a layer took away is told after what is there", async () => {
  expect(explanationText(await explain(GONE.catalog, GONE, "components.a.values.m"))).toBe(
    `components.a.values.m.a: 9
    values file components/a/values.yaml (chosen by base)  0
    override of base (overlays/base.yaml)                  1
  * override of leaf (overlays/leaf.yaml)                  9

components.a.values.m.c: 5
  * values file components/a/values.yaml (chosen by base)  5

components.a.values.m.b: (removed by override of leaf (overlays/leaf.yaml))
    override of base (overlays/base.yaml)  2
  * override of leaf (overlays/leaf.yaml)  (taken away)
`,
  );
});

test("a user's map replaces one, and what it held is told, for programs too", async () => {
  const set = [parseSetJson(`a:m={"q":1}`)];
  const { leaves } = await explain(GONE.catalog, GONE, "components.a.values.m", set);
  expect(leaves.map(({ path, value }) => [path, value])).toEqual([
    ["components.a.values.m.q", 1],
    ["components.a.values.m.a", undefined],
    ["components.a.values.m.b", undefined],
    ["components.a.values.m.c", undefined],
  ]);
  expect(explanationTree({ selector: "", leaves: leaves.slice(3), omitted: 0 })["leaves"]).toEqual([
    {
      path: "components.a.values.m.c",
      removed: true,
      steps: [
        { layer: "values file", file: "components/a/values.yaml", name: "base", value: 5, decided: false },
        { layer: "set", name: `--set-json a:m={"q":1}`, removed: true, decided: true },
      ],
    },
  ]);
});

test("a path that was there once says which layer took it away", async () => {
  const error = await rejectionOf(explain(GONE.catalog, GONE, "components.a.values.m.b"));
  expect([error.code, error.describe()]).toEqual([
    "NOT_FOUND",
    `there is no "components.a.values.m.b"
It was 2 until override of leaf (overlays/leaf.yaml) took it away. Did you mean "components.a.values.m.a"? "components.a.values.m" has a, c.`,
  ]);
});

test("the order says which override left a component out", async () => {
  const { leaves } = await explain(GONE.catalog, GONE, "deploymentOrder", [parseSet("a:enabled=false")]);
  expect(explanationText({ selector: "", leaves, omitted: 0 })).toBe(
    `deploymentOrder: []
    computed from the criteria and the overlays  ["a"]
  * --set a:enabled=false                        []
`,
  );
});

test("a map is explained value by value, in the order in which query prints it", async () => {
  expect(explanationTree(await explain(CATALOG, RESOLVED, "components.gpu.values.cdi"))).toEqual({
    selector: "components.gpu.values.cdi",
    leaves: [
      {
        path: "components.gpu.values.cdi.legacy",
        value: true,
        steps: [{ layer: "base file", file: "components/gpu/values.yaml", value: true, decided: true }],
      },
      {
        path: "components.gpu.values.cdi.on",
        value: true,
        steps: [
          { layer: "base file", file: "components/gpu/values.yaml", value: false, decided: false },
          { layer: "override", name: "eks", file: "overlays/eks.yaml", value: true, decided: true },
        ],
      },
    ],
    omitted: 0,
  });
});

test("a large map is cut, and the rest is counted", async () => {
  const overrides = Object.fromEntries(Array.from({ length: EXPLAIN_LIMIT + 3 }, (_, index) => [`k${index}`, index]));
  const overlays = [fakeOverlay("base", [{ name: "a", overrides }])];
  const explanation = await explain(
    fakeCatalog(),
    { overlays, recipe: fakeRecipe(mergeOverlays(overlays).components) },
    "components.a.values",
  );
  expect([explanation.leaves.length, explanation.omitted]).toEqual([EXPLAIN_LIMIT, 3]);
  expect(explanationText(explanation)).toMatch(/\n\.\.\. and 3 more values; name a path further down to see them\n$/);
});

test("an override that cannot be written is no layer", async () => {
  expect(await text("components.gpu.values.driver.version", "gpu:driver.version.major=1")).not.toContain("--set");
});

test("a path that is not there is not found", async () => {
  expect((await rejectionOf(explain(CATALOG, RESOLVED, "components.gpu.values.nope"))).code).toBe("NOT_FOUND");
});

test("for every path of a hydrated recipe the last step is the value that is found there", async () => {
  await fc.assert(
    fc.asyncProperty(anyResolved, async (resolved) => {
      const { catalog, recipe, overrides } = resolved;
      const document = await hydrate(catalog, recipe, { overrides });
      const { leaves } = await explain(catalog, resolved, "", overrides);
      expect(leaves.length).toBeGreaterThan(0);
      for (const { path, value, steps } of leaves) {
        expect(steps.at(-1)?.value).toEqual(value);
        // Values, fields and constraints come from layers alone: nothing of them is left to be "computed".
        const isEmptyField = value === "" && /\.(type|source)$/.test(path);
        const isLayered = /^(components|constraints)/.test(path) && !isEmptyField && path !== "components";
        expect(steps.at(-1)?.layer.kind === "computed").toBe(!isLayered);
      }
      const component = resolved.recipe.components[0]?.name;
      if (component === undefined) return;
      const below = await explain(catalog, resolved, `components["${component}"]`, overrides);
      const tree = valueAt(document, ["components", component]);
      expect(below.leaves.filter(({ value }) => value !== undefined).length).toBe(countLeaves(tree));
      expect(below.leaves.every((leaf) => equalTrees(leaf.steps.at(-1)?.value, leaf.value))).toBe(true);
    }),
  );
});

function countLeaves(tree: Tree | undefined, path: readonly Step[] = []): number {
  if (!isTreeMap(tree) || Object.keys(tree).length === 0) return 1;
  return Object.entries(tree).reduce((sum, [key, child]) => sum + countLeaves(child, [...path, key]), 0);
}
