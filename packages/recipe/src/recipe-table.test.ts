import { expect, test } from "vitest";
import { recipeTable } from "./recipe-table.ts";

const EMPTY = {
  kind: "RecipeResult",
  apiVersion: "aicr.nvidia.com/v1alpha1",
  metadata: { appliedOverlays: ["base"], excludedOverlays: [], constraintWarnings: [] },
  constraints: [],
  components: [],
  deploymentOrder: [],
  validation: {},
};

test("a recipe is shown in sections, components in the order of their deployment", () => {
  const table = recipeTable({
    ...EMPTY,
    metadata: {
      version: "1.2.3",
      appliedOverlays: ["base", "eks"],
      excludedOverlays: ["old"],
      constraintWarnings: [
        { overlay: "old", constraint: "K8s.server.version", expected: "< 1.30", actual: "v1.31", reason: "r" },
        { overlay: "old", constraint: "GPU.smi.driver", expected: "< 500", reason: "r" },
      ],
    },
    criteria: { service: "eks", nodes: 8 },
    constraints: [{ name: "K8s.server.version", value: ">= 1.30" }],
    components: [
      {
        name: "driver",
        version: "v25.10",
        namespace: "gpu",
        type: "Helm",
        source: "oci://example.com",
        chart: "driver",
      },
      {
        name: "cert-manager",
        type: "Helm",
        source: "https://charts.example.com",
        dependencyRefs: ["driver", "policies"],
      },
      { name: "policies", type: "Kustomize", source: "https://git.example.com/p", path: "base", tag: "v1" },
      { name: "runtime", type: "Helm", manifestFiles: ["m.yaml"] },
      { name: "unordered" },
    ],
    deploymentOrder: ["driver", "policies", "runtime", "cert-manager"],
    validation: { deployment: { checks: ["driver-health"], constraints: [{ name: "a.b.c", value: ">= 1" }] } },
  });
  expect(table).toBe(`CRITERIA
  service       eks
  accelerator   any
  intent        any
  os            any
  platform      any
  nodes         8

OVERLAYS
  1   base
  2   eks

LEFT OUT
  OVERLAY   CONSTRAINT           EXPECTED   FOUND
  old       K8s.server.version   < 1.30     v1.31
  old       GPU.smi.driver       < 500      -

COMPONENTS
  ORDER   NAME           VERSION   NAMESPACE   TYPE        SOURCE                           DEPENDS ON
  1       driver         v25.10    gpu         Helm        oci://example.com driver         -
  2       policies       v1        -           Kustomize   https://git.example.com/p base   -
  3       runtime        -         -           Helm        manifests                        -
  4       cert-manager   -         -           Helm        https://charts.example.com       driver, policies
  -       unordered      -         -           -           -                                -

CONSTRAINTS
  NAME                 VALUE
  K8s.server.version   >= 1.30

CHECKS
  PHASE        CHECK
  deployment   a.b.c >= 1
  deployment   driver-health
`);
});

test("sections without rows are left out", () => {
  expect(recipeTable(EMPTY)).toBe(`CRITERIA
  service       any
  accelerator   any
  intent        any
  os            any
  platform      any
  nodes         any

OVERLAYS
  1   base
`);
});
