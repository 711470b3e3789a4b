import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadCatalog } from "./catalog.ts";
import { openDataDirectory } from "./data-directory.ts";
import type { Criteria } from "./model.ts";
import { matchingOverlays, resolve, specificity } from "./resolve.ts";
import { EMPTY_REGISTRY, FAKE_BASE, fakeData, fakeLayer } from "./testing/fake-layer.ts";
import { memoryFiles } from "./testing/memory-files.ts";

/** Overlays by name, each with the text of its spec. */
function data(specs: Readonly<Record<string, string>>) {
  return fakeData(
    Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [
        `overlays/${name}.yaml`,
        `metadata: {name: ${name}}\nspec: ${spec}`,
      ]),
    ),
  );
}

async function applied(specs: Readonly<Record<string, string>>, criteria: Criteria): Promise<readonly string[]> {
  return resolve(await data(specs), criteria, { version: "1" }).recipe.metadata.appliedOverlays;
}

test("a recipe is the base, the chain of each match and the defaults of the registry", async () => {
  const catalog = await loadCatalog([
    fakeLayer({
      "registry.yaml": "components: [{name: driver, helm: {defaultChart: example/driver, defaultNamespace: gpu}}]",
      "overlays/base.yaml": FAKE_BASE,
      "overlays/eks.yaml": `
metadata: {name: eks}
spec:
  criteria: {service: eks}
  constraints: [{name: K8s.server.version, value: ">= 1.30"}]
  componentRefs: [{name: storage, type: Helm, source: https://storage.example.com, version: 3.10, dependencyRefs: [driver]}]
`,
      "overlays/eks-training.yaml": `
metadata: {name: eks-training}
spec:
  base: eks
  criteria: {service: eks, intent: training}
  componentRefs: [{name: driver, overrides: {gdrcopy: {enabled: true}}}]
  validation: {deployment: {checks: [driver-health]}}
`,
    }),
  ]);
  const { recipe, overlays, unhonoured } = resolve(
    catalog,
    { service: "eks", intent: "training", os: "ubuntu", nodes: 8 },
    { version: "1.2.3" },
  );
  expect(recipe).toEqual({
    kind: "RecipeResult",
    apiVersion: "aicr.nvidia.com/v1alpha1",
    metadata: {
      version: "1.2.3",
      appliedOverlays: ["base", "eks", "eks-training"],
      excludedOverlays: [],
      constraintWarnings: [],
    },
    criteria: { service: "eks", intent: "training", os: "ubuntu", nodes: 8 },
    constraints: [{ name: "K8s.server.version", value: ">= 1.30" }],
    components: [
      {
        name: "driver",
        namespace: "gpu",
        chart: "driver",
        type: "Helm",
        source: "https://charts.example.com",
        version: "1.0.0",
        overrides: { gdrcopy: { enabled: true } },
      },
      {
        name: "storage",
        type: "Helm",
        source: "https://storage.example.com",
        version: "3.10",
        dependencyRefs: ["driver"],
      },
    ],
    deploymentOrder: ["driver", "storage"],
    validation: { deployment: { checks: ["driver-health"] } },
  });
  expect(overlays.map(({ file }) => file)).toEqual([
    "overlays/base.yaml",
    "overlays/eks.yaml",
    "overlays/eks-training.yaml",
  ]);
  expect(unhonoured).toEqual(["os", "nodes"]);
});

test("without criteria the recipe is the base and the overlays that match all", async () => {
  const specs = { all: "{criteria: {intent: any}}", eks: "{criteria: {service: eks}}", never: "{criteria: null}" };
  expect(await applied(specs, {})).toEqual(["base", "all"]);
});

test.each<readonly [string, string, Criteria, boolean]>([
  ["an empty object matches all", "{}", { service: "eks" }, true],
  ["any matches a value", "{service: any}", { service: "eks" }, true],
  ["an empty text matches a value", `{service: ""}`, { service: "eks" }, true],
  ["a value does not match an open field", "{service: eks}", {}, false],
  ["a value does not match another", "{service: eks}", { service: "gke" }, false],
  ["case counts in an overlay", "{service: EKS}", { service: "eks" }, false],
  ["all fields must match", "{service: eks, intent: training}", { service: "eks", intent: "inference" }, false],
  ["nodes 0 match any number", "{nodes: 0}", { nodes: 8 }, true],
  ["nodes match that number", "{nodes: 8}", { nodes: 8 }, true],
  ["nodes do not match another number", "{nodes: 8}", { nodes: 9 }, false],
  ["nodes do not match an open field", "{nodes: 8}", {}, false],
])("%s: %s", async (_, stated, criteria, expected) => {
  const catalog = await data({ o: `{criteria: ${stated}}` });
  expect(matchingOverlays(catalog, criteria)).toHaveLength(expected ? 1 : 0);
});

test("the less specific comes first, equally specific ones by the bytes of their names", async () => {
  const specs = {
    "a-full": "{criteria: {service: eks, intent: training, os: ubuntu}}",
    b: "{criteria: {service: eks}}",
    B: "{criteria: {intent: training, os: any, platform: ''}}",
    "a-two": "{criteria: {service: eks, os: ubuntu}}",
    zero: "{criteria: {}}",
    nodes: "{criteria: {nodes: 8}}",
  };
  const criteria = { service: "eks", intent: "training", os: "ubuntu", nodes: 8 };
  expect(await applied(specs, criteria)).toEqual(["base", "zero", "B", "b", "nodes", "a-two", "a-full"]);
});

test("specificity counts the criteria that are set", () => {
  expect(specificity({})).toBe(0);
  expect(specificity({ service: "any", os: "", nodes: 0 })).toBe(0);
  expect(specificity({ service: "eks", os: "ubuntu", intent: "any", nodes: 2 })).toBe(3);
});

test("a parent need not match, and is merged once, before its first child", async () => {
  const specs = {
    root: "{}",
    middle: "{base: root, criteria: {service: gke}}",
    one: "{base: middle, criteria: {service: eks}}",
    two: "{base: root, criteria: {intent: training}}",
    three: "{base: base, criteria: {os: ubuntu}}",
  };
  expect(await applied(specs, { service: "eks", intent: "training", os: "ubuntu" })).toEqual([
    "base",
    "root",
    "middle",
    "one",
    "three",
    "two",
  ]);
});

test("a parent that does not exist is refused only when it is used, with the nearest name", async () => {
  const catalog = await data({ "eks-training": "{}", x: "{base: eks-trainin, criteria: {service: eks}}" });
  expect(resolve(catalog, { service: "gke" }, { version: "1" }).recipe.metadata.appliedOverlays).toEqual(["base"]);
  const error = errorOf(() => resolve(catalog, { service: "eks" }, { version: "1" }));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    `overlays/x.yaml: spec.base: overlay "x" builds on "eks-trainin", which does not exist\nDid you mean "eks-training"?`,
  ]);
});

test("a cycle of parents is refused by its members", async () => {
  const catalog = await data({
    start: "{base: x, criteria: {service: eks}}",
    x: "{base: y}",
    y: "{base: z}",
    z: "{base: x}",
  });
  const error = errorOf(() => resolve(catalog, { service: "eks" }, { version: "1" }));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    `overlays/x.yaml: spec.base: overlays build on each other in a cycle: "x" -> "y" -> "z" -> "x"\nOne of them must build on "base".`,
  ]);
});

test("a chain of a thousand overlays resolves, and a cycle as long is named in short", async () => {
  const links = Array.from({ length: 1000 }, (_, index) => index);
  const spec = (index: number, base: string): string =>
    `{base: ${base}${index === 999 ? ", criteria: {service: eks}" : ""}}`;
  const chain = await data(Object.fromEntries(links.map((i) => [`o${i}`, spec(i, i === 0 ? "base" : `o${i - 1}`)])));
  const { overlays } = resolve(chain, { service: "eks" }, { version: "1" });
  expect(overlays.map(({ name }) => name)).toEqual(["base", ...links.map((index) => `o${index}`)]);
  const ring = await data(Object.fromEntries(links.map((i) => [`o${i}`, spec(i, `o${(i + 999) % 1000}`)])));
  expect(errorOf(() => resolve(ring, { service: "eks" }, { version: "1" })).message).toBe(
    `overlays build on each other in a cycle: "o999" -> "o998" -> "o997" -> "o996" -> "o995" -> "o994" -> ... -> "o3" -> "o2" -> "o1" -> "o0" -> "o999"`,
  );
});

test("a dependency that is gone is told with the overlay that states it", async () => {
  const catalog = await data({
    x: "{criteria: {service: eks}, componentRefs: [{name: driver, dependencyRefs: [cert-manager]}]}",
    y: "{criteria: {service: eks, os: ubuntu}, componentRefs: [{name: driver, version: 2}]}",
  });
  const error = errorOf(() => resolve(catalog, { service: "eks", os: "ubuntu" }, { version: "1" }));
  expect(error.describe().split("\n")[0]).toBe(
    `overlays/x.yaml: component "driver" depends on "cert-manager", which the recipe does not have`,
  );
});

test("with measurements, an overlay whose own constraints fail is left out, but not as a parent", async () => {
  const old = `constraints: [{name: K8s.server.version, value: ">= 1.32"}, {name: GPU.smi.driver, value: ">= 570"}]`;
  const catalog = await data({
    parent: `{criteria: {service: eks}, ${old}}`,
    child: "{base: parent, criteria: {service: eks, os: ubuntu}, constraints: [{name: OS.release.ID, value: ubuntu}]}",
    other: `{criteria: {service: eks, intent: training}, constraints: [{name: K8s.server.version, value: "> 1.40"}]}`,
  });
  const found = new Map([
    ["K8s.server.version", "v1.31.2"],
    ["OS.release.ID", "ubuntu"],
  ]);
  const { recipe } = resolve(
    catalog,
    { service: "eks", os: "ubuntu", intent: "training" },
    { version: "1", lookup: (name) => found.get(name) },
  );
  expect(recipe.metadata).toEqual({
    version: "1",
    appliedOverlays: ["base", "parent", "child"],
    excludedOverlays: ["parent", "other"],
    constraintWarnings: [
      {
        overlay: "parent",
        constraint: "K8s.server.version",
        expected: ">= 1.32",
        actual: "v1.31.2",
        reason: "expected >= 1.32, got v1.31.2",
      },
      {
        overlay: "parent",
        constraint: "GPU.smi.driver",
        expected: ">= 570",
        reason: "[NOT_FOUND] the snapshot has no GPU.smi.driver",
      },
      {
        overlay: "other",
        constraint: "K8s.server.version",
        expected: "> 1.40",
        actual: "v1.31.2",
        reason: "expected > 1.40, got v1.31.2",
      },
    ],
  });
});

test("a criterion is honoured when a merged overlay states it, also an ancestor", async () => {
  const catalog = await data({
    parent: "{criteria: {service: eks}}",
    child: "{base: parent, criteria: {intent: training}}",
  });
  const unhonoured = (criteria: Criteria) => resolve(catalog, criteria, { version: "1" }).unhonoured;
  expect(unhonoured({ service: "eks", intent: "training" })).toEqual([]);
  expect(unhonoured({ service: "gke", intent: "training", nodes: 4 })).toEqual(["service", "nodes"]);
  expect(unhonoured({})).toEqual([]);
});

const value = fc.constantFrom("any", "x", "y");
const specs = fc.array(
  fc.record({
    service: value,
    os: value,
    version: fc.nat(9),
    parent: fc.option(fc.nat(), { nil: undefined }),
  }),
  { maxLength: 8 },
);

/** Parents point to earlier overlays only, so that there is no cycle. */
const overlayTexts = specs.map((list) =>
  list.map(({ service, os, version, parent }, index) => {
    const base = parent === undefined || index === 0 ? "base" : `o${parent % index}`;
    const component = `{name: driver, version: v${version}, overrides: {from: o${index}}}`;
    return `metadata: {name: o${index}}\nspec: {base: ${base}, criteria: {service: ${service}, os: ${os}}, componentRefs: [${component}]}`;
  }),
);

test("a recipe does not depend on the names or the order of the files", async () => {
  const query = fc.record({ service: value, os: value });
  const shuffled = overlayTexts.chain((texts) =>
    fc.tuple(fc.constant(texts), fc.shuffledSubarray(texts, { minLength: texts.length })),
  );
  const recipeOf = async (texts: readonly string[], criteria: Criteria) => {
    const files = Object.fromEntries(texts.map((text, index) => [`/d/overlays/f${index}.yaml`, text]));
    const all = { "/d/registry.yaml": EMPTY_REGISTRY, "/d/overlays/base.yaml": FAKE_BASE, ...files };
    const catalog = await loadCatalog([await openDataDirectory(memoryFiles(all), "/d")]);
    return resolve(catalog, criteria, { version: "1" }).recipe;
  };
  await fc.assert(
    fc.asyncProperty(shuffled, query, async ([texts, other], criteria) => {
      const recipe = await recipeOf(texts, criteria);
      expect(await recipeOf(other, criteria)).toEqual(recipe);
      expect(await recipeOf(texts, criteria)).toEqual(recipe);
    }),
  );
});
