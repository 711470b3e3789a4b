import { cursorOf, parseJson, parseYaml, parseYamlAsText, writeJson, writeYaml } from "@slipway/base";
import { anyMap, errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ComponentRef, Recipe } from "./model.ts";
import { decodeRecipe, recipeTree } from "./recipe-document.ts";

const EMPTY: Recipe = {
  kind: "RecipeResult",
  apiVersion: "aicr.nvidia.com/v1alpha1",
  metadata: { appliedOverlays: ["base"], excludedOverlays: [], constraintWarnings: [] },
  criteria: {},
  constraints: [],
  components: [],
  deploymentOrder: [],
  validation: {},
};

const FULL: Recipe = {
  kind: "RecipeResult",
  apiVersion: "aicr.nvidia.com/v1alpha1",
  metadata: {
    version: "1.2.3",
    appliedOverlays: ["base", "eks"],
    excludedOverlays: ["gke"],
    constraintWarnings: [{ overlay: "gke", constraint: "a.b.c", expected: ">= 1", reason: "[NOT_FOUND] nothing" }],
  },
  criteria: { service: "eks", nodes: 8 },
  constraints: [{ name: "K8s.server.version", value: ">= 1.30", severity: "error", remediation: "upgrade", unit: "v" }],
  components: [
    {
      name: "driver",
      namespace: "gpu",
      chart: "driver",
      type: "Helm",
      source: "https://charts.example.com",
      version: "25.10",
      tag: "t",
      valuesFile: "components/driver/values.yaml",
      overrides: { b: 1, a: { d: null, c: ["<x>"] } },
      patches: ["p.yaml"],
      dependencyRefs: ["base"],
      manifestFiles: ["m.yaml"],
      path: "deploy",
      cleanup: true,
      expectedResources: [{ kind: "Deployment", name: "driver" }],
      healthCheckAsserts: "two\nlines\n",
    },
    { name: "bare" },
  ],
  deploymentOrder: ["bare", "driver"],
  validation: {
    conformance: { checks: ["c"] },
    deployment: {
      timeout: "10m",
      constraints: [{ name: "x.y.z", value: "1" }],
      checks: ["d"],
      nodeSelection: { selector: { zone: "a" }, maxNodes: 2, excludeNodes: ["n1"] },
      infrastructure: "nccl",
    },
    readiness: {},
  },
};

test("a recipe is written with its keys in order, and without what is empty", () => {
  expect(writeYaml(recipeTree(EMPTY))).toBe(`kind: RecipeResult
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  appliedOverlays:
    - base
criteria:
  service: any
  accelerator: any
  intent: any
  os: any
  platform: any
componentRefs: []
deploymentOrder: []
`);
  expect(writeYaml(recipeTree(FULL))).toBe(`kind: RecipeResult
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  version: 1.2.3
  appliedOverlays:
    - base
    - eks
  excludedOverlays:
    - gke
  constraintWarnings:
    - overlay: gke
      constraint: a.b.c
      expected: '>= 1'
      reason: '[NOT_FOUND] nothing'
criteria:
  service: eks
  accelerator: any
  intent: any
  os: any
  platform: any
  nodes: 8
constraints:
  - name: K8s.server.version
    value: '>= 1.30'
    severity: error
    remediation: upgrade
    unit: v
componentRefs:
  - name: driver
    namespace: gpu
    chart: driver
    type: Helm
    source: https://charts.example.com
    version: "25.10"
    tag: t
    valuesFile: components/driver/values.yaml
    overrides:
      a:
        c:
          - <x>
        d: null
      b: 1
    patches:
      - p.yaml
    dependencyRefs:
      - base
    manifestFiles:
      - m.yaml
    path: deploy
    cleanup: true
    expectedResources:
      - kind: Deployment
        name: driver
    healthCheckAsserts: |
      two
      lines
  - name: bare
    type: ""
    source: ""
deploymentOrder:
  - bare
  - driver
validation:
  readiness: {}
  deployment:
    timeout: 10m
    constraints:
      - name: x.y.z
        value: "1"
    checks:
      - d
    nodeSelection:
      selector:
        zone: a
      maxNodes: 2
      excludeNodes:
        - n1
    infrastructure: nccl
  conformance:
    checks:
      - c
`);
});

const fromYaml = (text: string): Recipe => decodeRecipe(cursorOf(parseYaml(text), () => parseYamlAsText(text)));

test("a recipe that was written is read back", () => {
  for (const recipe of [EMPTY, FULL]) {
    expect(fromYaml(writeYaml(recipeTree(recipe)))).toEqual(recipe);
    expect(decodeRecipe(cursorOf(parseJson(writeJson(recipeTree(recipe)))))).toEqual(recipe);
  }
});

test("a recipe written by hand needs neither kind nor header, and its versions stay the text that was written", () => {
  const recipe = fromYaml("componentRefs:\n  - {name: a/b, version: 25.10, tag: 1e3}\ndeploymentOrder: [a/b]\n");
  expect(recipe).toEqual({
    kind: "",
    apiVersion: "aicr.nvidia.com/v1alpha1",
    metadata: { appliedOverlays: [], excludedOverlays: [], constraintWarnings: [] },
    constraints: [],
    components: [{ name: "a/b", version: "25.10", tag: "1e3" }],
    deploymentOrder: ["a/b"],
    validation: {},
  });
});

test.each([
  ["- a", "expected a map, found a list"],
  ["componentRefs: {}", "componentRefs: expected a list, found a map"],
  ["componentRefs: [{name: a, version: {}}]", "componentRefs[0].version: expected text, found a map"],
  ["componentRefs: [{version: 1}]", "componentRefs[0].name: must be given and not be empty"],
  ["criteria: {nodes: x}", "criteria.nodes: expected a whole number, found text"],
])("the recipe %j is refused: %s", (text, expected) => {
  const error = errorOf(() => fromYaml(text));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", expected]);
});

test("any component that is written to YAML and JSON is read back as it was", () => {
  const some = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes("\0"));
  const component: fc.Arbitrary<ComponentRef> = fc.record({
    name: some,
    version: some,
    overrides: anyMap.filter((map) => Object.keys(map).length > 0),
    dependencyRefs: fc.array(some, { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(component, (ref) => {
      const tree = recipeTree({ ...EMPTY, components: [ref] });
      expect(fromYaml(writeYaml(tree)).components).toEqual([ref]);
      expect(decodeRecipe(cursorOf(parseJson(writeJson(tree)))).components).toEqual([ref]);
    }),
  );
});

test("criteria that a document leaves open are not spelt out when it is written again", () => {
  const rewritten = (text: string): string => {
    const recipe = decodeRecipe(cursorOf(parseYaml(text), () => parseYamlAsText(text)));
    return writeYaml(recipeTree(recipe)).replace(/^[^]*?(?=criteria:)/, "");
  };
  expect(rewritten("criteria: {intent: training, service: oke, nodes: 4, unknown: x}\ncomponentRefs: []\n"))
    .toBe(`criteria:
  service: oke
  intent: training
  nodes: 4
componentRefs: []
deploymentOrder: []
`);
  expect(rewritten("componentRefs: []\n")).toBe(`criteria: null
componentRefs: []
deploymentOrder: []
`);
});
