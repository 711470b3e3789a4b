import { writeJson } from "@slipway/base";
import type { Recipe } from "@slipway/recipe";
import { expect, test } from "vitest";
import { differenceText, differenceTree } from "./change.ts";
import { diffRecipes, type HydratedRecipe } from "./recipe-diff.ts";

const RECIPE: Recipe = {
  kind: "Recipe",
  apiVersion: "aicr.nvidia.com/v1alpha1",
  metadata: { version: "1.0.0", appliedOverlays: ["base"], excludedOverlays: [], constraintWarnings: [] },
  criteria: { service: "eks", accelerator: "h100" },
  constraints: [{ name: "K8s.server.version", value: ">= 1.30" }],
  components: [
    {
      name: "cert-manager",
      type: "Helm",
      namespace: "cert-manager",
      version: "v1.17.2",
      source: "https://charts.jetstack.io",
    },
    { name: "gpu-operator", type: "Helm", version: "v25.3.0", valuesFile: "components/gpu-operator/values.yaml" },
  ],
  deploymentOrder: ["cert-manager", "gpu-operator"],
  validation: { deployment: { checks: ["operator-health"] } },
};

const LEFT: HydratedRecipe = {
  recipe: RECIPE,
  hydrated: {
    components: {
      "cert-manager": {},
      "gpu-operator": { values: { driver: { version: "570.10", rdma: false }, tolerations: [{ operator: "Exists" }] } },
    },
  },
};

const RIGHT: HydratedRecipe = {
  recipe: {
    ...RECIPE,
    metadata: { ...RECIPE.metadata, version: "2.0.0", appliedOverlays: ["base", "b200"] },
    criteria: { service: "eks", accelerator: "b200", nodes: 8 },
    constraints: [
      { name: "K8s.server.version", value: ">= 1.32" },
      { name: "OS.release.ID", value: "ubuntu" },
    ],
    components: [
      { name: "gpu-operator", type: "Helm", version: "v25.10.0", namespace: "gpu-operator", valuesFile: "other.yaml" },
      { name: "kueue", type: "Helm", version: "0.14.1", namespace: "kueue-system" },
    ],
    deploymentOrder: ["gpu-operator", "kueue"],
    validation: {},
  },
  hydrated: {
    components: {
      "gpu-operator": { values: { tolerations: [], driver: { rdma: false, version: "580.1", "a.b": "line\nbreak" } } },
      kueue: { values: { replicas: 2 } },
    },
  },
};

test("everything that matters to a cluster is shown, for a person", () => {
  expect(differenceText(diffRecipes(LEFT, RIGHT))).toBe(`- component cert-manager v1.17.2 in namespace cert-manager
~ component gpu-operator
    ~ version: "v25.3.0" -> "v25.10.0"
    ~ values.driver.version: "570.10" -> "580.1"
    + values.driver."a.b": "line\\nbreak"
    ~ values.tolerations: [{"operator":"Exists"}] -> []
    + namespace: "gpu-operator"
+ component kueue 0.14.1 in namespace kueue-system
~ criteria
    ~ accelerator: "h100" -> "b200"
    + nodes: 8
~ constraints
    ~ "K8s.server.version".value: ">= 1.30" -> ">= 1.32"
    + "OS.release.ID": {"name":"OS.release.ID","value":"ubuntu"}
~ deployment order
    ~ ["cert-manager","gpu-operator"] -> ["gpu-operator","kueue"]
~ validation
    - deployment: {"checks":["operator-health"]}

Components: 1 added, 1 removed, 1 changed.
`);
});

test("and for a program", () => {
  const { kind, groups } = diffRecipes(LEFT, RIGHT);
  expect(JSON.parse(writeJson(differenceTree({ kind, groups: groups.slice(2, 4) })))).toEqual({
    kind: "RecipeDifference",
    groups: [
      {
        subject: "component",
        name: "kueue",
        change: "added",
        summary: "0.14.1 in namespace kueue-system",
        changes: [
          {
            change: "added",
            path: "",
            to: { type: "Helm", version: "0.14.1", namespace: "kueue-system", values: { replicas: 2 } },
          },
        ],
      },
      {
        subject: "criteria",
        change: "changed",
        changes: [
          { change: "changed", path: "accelerator", from: "h100", to: "b200" },
          { change: "added", path: "nodes", to: 8 },
        ],
      },
    ],
  });
});

test("a recipe does not differ from itself, nor by who made it or where its values are kept", () => {
  const moved: HydratedRecipe = {
    hydrated: LEFT.hydrated,
    recipe: {
      ...RECIPE,
      metadata: RIGHT.recipe.metadata,
      components: RECIPE.components.map((component) => ({ ...component, valuesFile: "moved.yaml" })),
    },
  };
  expect(diffRecipes(LEFT, moved)).toEqual({ kind: "RecipeDifference", groups: [] });
  expect(differenceText(diffRecipes(LEFT, LEFT))).toBe("No differences.\n");
});

test("a hydrated document that is none is refused with the field", () => {
  expect(() => diffRecipes(LEFT, { recipe: RECIPE, hydrated: { components: [] } })).toThrow(
    expect.objectContaining({ code: "INVALID_INPUT", place: { field: "components" } }),
  );
});

test("numbers that JSON lacks, long values and control characters stay on their line", () => {
  const values = (value: number, text: string): HydratedRecipe => ({
    recipe: { ...RECIPE, components: [{ name: "a\u001b[2J", version: "1" }] },
    hydrated: { components: { "a\u001b[2J": { values: { value, text } } } },
  });
  const difference = diffRecipes(values(1, "x"), values(Number.POSITIVE_INFINITY, "y".repeat(1000)));
  expect(differenceText(difference)).toBe(`~ component "a\\u001b[2J"
    ~ values.value: 1 -> "Infinity"
    ~ values.text: "x" -> "${"y".repeat(159)}…

Components: 1 changed.
`);
  expect(JSON.parse(writeJson(differenceTree(difference)))).toMatchObject({
    groups: [{ changes: [{ to: "Infinity" }, {}] }],
  });
});
