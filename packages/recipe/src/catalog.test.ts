import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { loadCatalog } from "./catalog.ts";
import { FAKE_BASE, fakeLayer } from "./testing/fake-layer.ts";

const builtIn = fakeLayer(
  {
    "registry.yaml": "components: [{name: a}, {name: b}]",
    "overlays/base.yaml": FAKE_BASE,
    "overlays/eks.yaml": "metadata: {name: eks}\nspec: {criteria: {service: eks}}",
    "overlays/gke.yaml": "metadata: {name: gke}\nspec: {criteria: {service: gke}}",
    "components/a/manifest.yaml": "built in",
  },
  "built-in",
);

test("a layer replaces files of the same path and adds the others", async () => {
  const mine = fakeLayer(
    {
      "registry.yaml": "components: [{name: b, displayName: mine}, {name: c}]",
      "overlays/eks.yaml": "metadata: {name: our-eks}\nspec: {criteria: {service: eks}}",
      "components/a/manifest.yaml": "mine",
      "components/c/manifest.yaml": "new",
    },
    "mine",
  );
  const catalog = await loadCatalog([builtIn, mine]);
  expect(catalog.registry.map(({ displayName }) => displayName)).toEqual(["a", "mine", "c"]);
  expect([...catalog.overlays.keys()]).toEqual(["gke", "our-eks"]);
  expect(catalog.warnings).toEqual([]);
  expect(await catalog.text("components/a/manifest.yaml")).toBe("mine");
  expect(await catalog.text("components/c/manifest.yaml")).toBe("new");
  expect(await catalog.text("components/none.yaml")).toBeUndefined();
  expect(catalog.files().filter((path) => path.startsWith("components/"))).toEqual([
    "components/a/manifest.yaml",
    "components/c/manifest.yaml",
  ]);
});

test("paths are shown with the directory of the user's that they are from", async () => {
  const mine = {
    ...fakeLayer({ "registry.yaml": "components: [{name: b}]", "overlays/mine.yaml": "metadata: {name: mine}" }),
    directory: "data",
  };
  const catalog = await loadCatalog([builtIn, mine]);
  expect(["overlays/eks.yaml", "overlays/mine.yaml", "none"].map((path) => catalog.shown(path))).toEqual([
    "overlays/eks.yaml",
    "data/overlays/mine.yaml",
    "none",
  ]);
  expect(["a", "b"].map((name) => catalog.registryFile(name))).toEqual(["registry.yaml", "data/registry.yaml"]);
});

test("a layer's overlay wins over one of the same name in another file, and a warning says so", async () => {
  const mine = fakeLayer({ "overlays/mine.yaml": "metadata: {name: gke}\nspec: {criteria: {service: kind}}" }, "mine");
  const catalog = await loadCatalog([builtIn, mine]);
  expect(catalog.overlays.get("gke")?.file).toBe("overlays/mine.yaml");
  expect(catalog.warnings).toEqual([
    `overlay "gke" is defined twice: mine/overlays/mine.yaml counts, because it is laid over it, and built-in/overlays/gke.yaml does not`,
  ]);
});

test("within a layer the later file in walk order counts", async () => {
  const layer = fakeLayer({
    "overlays/base.yaml": FAKE_BASE,
    "overlays/x1.yaml": "metadata: {name: x}",
    "overlays/x2.yaml": "metadata: {name: x}",
  });
  const catalog = await loadCatalog([layer]);
  expect(catalog.overlays.get("x")?.file).toBe("overlays/x2.yaml");
  expect(catalog.warnings).toEqual([
    `overlay "x" is defined twice: data/overlays/x2.yaml counts, because it comes later, and data/overlays/x1.yaml does not`,
  ]);
});

test("the base is the file, not the name; an overlay may not take the name", async () => {
  const catalog = await loadCatalog([
    fakeLayer({
      "overlays/base.yaml": "metadata: {name: root}",
      "overlays/other.yaml": "metadata: {name: base}\nspec: {criteria: {}}",
    }),
  ]);
  expect([catalog.base.name, catalog.base.file]).toEqual(["base", "overlays/base.yaml"]);
  expect(catalog.overlays.size).toBe(0);
  expect(catalog.warnings).toEqual([`data/overlays/other.yaml: an overlay may not be named "base"; it is ignored`]);
});

test("a layer's base replaces the built-in one", async () => {
  const mine = fakeLayer({ "overlays/base.yaml": "spec: {componentRefs: [{name: mine}]}" }, "mine");
  const catalog = await loadCatalog([builtIn, mine]);
  expect(catalog.base.components).toEqual([{ name: "mine" }]);
});

test("without a base there is no catalog", async () => {
  const error = await rejectionOf(loadCatalog([fakeLayer({}, "./mine")]));
  expect([error.code, error.describe()]).toEqual([
    "NOT_FOUND",
    "./mine: the recipe data has no overlays/base.yaml\nEvery recipe starts from the base: add overlays/base.yaml, or leave out --no-embedded-data.",
  ]);
});

test("a base whose dependencies do not hold is refused when the catalog is loaded", async () => {
  const layer = fakeLayer({
    "overlays/base.yaml": "spec: {componentRefs: [{name: a, dependencyRefs: [cert-manger]}, {name: cert-manager}]}",
  });
  const error = await rejectionOf(loadCatalog([layer]));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    `overlays/base.yaml: component "a" depends on "cert-manger", which the recipe does not have\nDid you mean "cert-manager"?`,
  ]);
});
