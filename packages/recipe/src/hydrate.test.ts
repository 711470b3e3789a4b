import { expect, test } from "vitest";
import { hydrate } from "./hydrate.ts";
import { fakeRecipe } from "./testing/arbitrary-catalog.ts";
import { fakeCatalog, fakeRegistryComponent } from "./testing/fake-catalog.ts";
import { parseSet } from "./value-override.ts";

test("a hydrated document has the metadata, all criteria and the values of every component", async () => {
  const recipe = {
    ...fakeRecipe([
      {
        name: "gpu-operator",
        type: "Helm",
        source: "https://charts.example.com",
        namespace: "gpu",
        chart: "gpu-operator",
        version: "v1",
        valuesFile: "components/gpu-operator/values.yaml",
        overrides: { driver: { version: "580" } },
        dependencyRefs: ["plain"],
        manifestFiles: ["components/gpu-operator/manifests/x.yaml"],
      },
      { name: "plain", dependencyRefs: [] },
    ]),
    constraints: [{ name: "K8s.server.version", value: ">= 1.30", severity: "error" }],
    validation: { readiness: {} },
  };
  const catalog = fakeCatalog({ values: { "components/gpu-operator/values.yaml": { driver: { enabled: true } } } });
  expect(await hydrate(catalog, recipe)).toEqual({
    kind: "RecipeResult",
    apiVersion: "aicr.nvidia.com/v1alpha1",
    metadata: { version: "0.1.0", appliedOverlays: ["base"], excludedOverlays: [], constraintWarnings: [] },
    criteria: { service: "eks", accelerator: "any", intent: "any", os: "any", platform: "any", nodes: 0 },
    constraints: [{ name: "K8s.server.version", value: ">= 1.30", severity: "error" }],
    deploymentOrder: ["gpu-operator", "plain"],
    components: {
      "gpu-operator": {
        name: "gpu-operator",
        type: "Helm",
        source: "https://charts.example.com",
        namespace: "gpu",
        chart: "gpu-operator",
        version: "v1",
        dependencyRefs: ["plain"],
        values: { driver: { enabled: true, version: "580" } },
      },
      plain: { name: "plain", type: "", source: "" },
    },
  });
});

test("overlays that were left out are told with their reasons", async () => {
  const recipe = fakeRecipe([]);
  const warning = { overlay: "eks", constraint: "K8s.server.version", expected: ">= 1.28", reason: "[NOT_FOUND] gone" };
  const metadata = { ...recipe.metadata, excludedOverlays: ["eks"], constraintWarnings: [warning] };
  const hydrated = await hydrate(fakeCatalog(), { ...recipe, metadata });
  expect(hydrated["metadata"]).toEqual({
    version: "0.1.0",
    appliedOverlays: ["base"],
    excludedOverlays: ["eks"],
    constraintWarnings: [warning],
  });
  expect(Object.keys(hydrated)).not.toContain("constraints");
});

test("what a user sets is laid over the values, by any name of the component", async () => {
  const catalog = fakeCatalog({ registry: [fakeRegistryComponent("a", ["alpha"])] });
  const recipe = fakeRecipe([{ name: "a", overrides: { x: 1, y: 2 } }, { name: "b" }]);
  const { components } = await hydrate(catalog, recipe, { overrides: [parseSet("alpha:x=9"), parseSet("b:z=1.50")] });
  expect(components).toEqual({
    a: { name: "a", type: "", source: "", values: { x: 9, y: 2 } },
    b: { name: "b", type: "", source: "", values: { z: "1.50" } },
  });
});

test("a component that a user switches off is neither among the components nor in the order", async () => {
  const recipe = fakeRecipe([{ name: "a" }, { name: "b" }]);
  const { components, deploymentOrder } = await hydrate(fakeCatalog(), recipe, {
    overrides: [parseSet("a:enabled=false")],
  });
  expect([components, deploymentOrder]).toEqual([{ b: { name: "b", type: "", source: "" } }, ["b"]]);
});

test("a component's name cannot reach a prototype", async () => {
  const { components } = await hydrate(
    fakeCatalog(),
    fakeRecipe([{ name: "__proto__", overrides: { polluted: true } }]),
  );
  expect(Object.keys(components ?? {})).toEqual(["__proto__"]);
  expect("polluted" in {}).toBe(false);
});
