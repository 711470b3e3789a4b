import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { decodeOverlay } from "./overlay-file.ts";

test("an overlay is read field by field, and what it has not is absent", () => {
  const overlay = decodeOverlay(
    `
kind: RecipeMetadata
apiVersion: aicr.nvidia.com/v1alpha1
metadata: {name: h100-eks, labels: {ignored: true}}
spec:
  base: eks
  mixins: [ignored]
  criteria: {service: eks, accelerator: H100, os: "", intent: any, nodes: 8}
  constraints:
    - {name: K8s.server.version, value: ">= 1.32", severity: error, remediation: upgrade, unit: ""}
  componentRefs:
    - name: gpu-operator
      version: 25.10
      chart: ""
      valuesFile: components/gpu-operator/values.yaml
      overrides: {driver: {version: 570.10, enabled: true}, cdi: null}
      dependencyRefs: [cert-manager]
      manifestFiles: [a.yaml]
      patches: []
      cleanup: true
      expectedResources: [{kind: Deployment, name: gpu-operator}]
  validation:
    deployment: {timeout: 10m, checks: [operator-health], constraints: [{name: Deployment.gpu-operator.version, value: 1}]}
    performance: null
    conformance: {nodeSelection: {selector: {zone: 1}, maxNodes: 2, excludeNodes: [n1]}, infrastructure: nccl}
`,
    "overlays/h100-eks.yaml",
  );
  expect(overlay).toEqual({
    name: "h100-eks",
    file: "overlays/h100-eks.yaml",
    base: "eks",
    criteria: { service: "eks", accelerator: "H100", os: "", intent: "any", nodes: 8 },
    constraints: [{ name: "K8s.server.version", value: ">= 1.32", severity: "error", remediation: "upgrade" }],
    components: [
      {
        name: "gpu-operator",
        version: "25.10",
        valuesFile: "components/gpu-operator/values.yaml",
        overrides: { driver: { version: 570.1, enabled: true }, cdi: null },
        dependencyRefs: ["cert-manager"],
        manifestFiles: ["a.yaml"],
        cleanup: true,
        expectedResources: [{ kind: "Deployment", name: "gpu-operator" }],
      },
    ],
    validation: {
      deployment: {
        timeout: "10m",
        checks: ["operator-health"],
        constraints: [{ name: "Deployment.gpu-operator.version", value: "1" }],
      },
      conformance: {
        nodeSelection: { selector: { zone: "1" }, maxNodes: 2, excludeNodes: ["n1"] },
        infrastructure: "nccl",
      },
    },
  });
});

test("an empty file is an overlay without a name that matches nothing", () => {
  expect(decodeOverlay("", "x.yaml")).toEqual({
    name: "",
    file: "x.yaml",
    constraints: [],
    components: [],
    validation: {},
  });
});

test("an empty criteria object matches all; null criteria match nothing", () => {
  expect(decodeOverlay("spec: {criteria: {}}", "x.yaml")?.criteria).toEqual({});
  expect(decodeOverlay("spec: {criteria: null}", "x.yaml")?.criteria).toBeUndefined();
});

test("base and an empty parent are the root", () => {
  expect(decodeOverlay("spec: {base: base}", "x.yaml")?.base).toBeUndefined();
  expect(decodeOverlay(`spec: {base: ""}`, "x.yaml")?.base).toBeUndefined();
});

test("documents of another kind are not overlays, whatever they hold", () => {
  expect(decodeOverlay("kind: ValidatorCatalog\nspec: text", "x.yaml")).toBeUndefined();
});

test.each([
  ["- a", "x.yaml:1:1: expected a map, found a list"],
  ["kind: [RecipeMetadata]", "x.yaml:1:1: kind: expected text, found a list"],
  ["spec:\n  criteria: eks", "x.yaml:2:3: spec.criteria: expected a map, found text"],
  ["spec:\n  criteria:\n    nodes: many", "x.yaml:3:5: spec.criteria.nodes: expected a whole number, found text"],
  [
    "spec:\n  componentRefs:\n    - version: 1",
    "x.yaml:3:7: spec.componentRefs[0].name: must be given and not be empty",
  ],
  [
    "spec:\n  componentRefs:\n    - name: a\n      dependencyRefs:\n        - {b: 1}",
    "x.yaml:5:11: spec.componentRefs[0].dependencyRefs[0]: expected text, found a map",
  ],
  [
    `spec: {componentRefs: [{name: a, cleanup: "yes"}]}`,
    "x.yaml:1:34: spec.componentRefs[0].cleanup: expected true or false, found text",
  ],
  [
    `spec: {validation: {deployment: {nodeSelection: {selector: {"a[": []}}}}}`,
    "x.yaml: spec.validation.deployment.nodeSelection.selector.a[: expected text, found a list",
  ],
])("%j is refused: %s", (source, expected) => {
  const error = errorOf(() => decodeOverlay(source, "x.yaml"));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", expected]);
});

test("keys that would reach a prototype are refused with their place", () => {
  const error = errorOf(() =>
    decodeOverlay("spec:\n  componentRefs:\n    - {name: a, overrides: {__proto__: {}}}", "x.yaml"),
  );
  expect([error.code, error.place?.file, error.place?.line]).toEqual(["INVALID_INPUT", "x.yaml", 3]);
});
