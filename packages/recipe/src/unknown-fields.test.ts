import { expect, test } from "vitest";
import { openDataDirectory } from "./data-directory.ts";
import { EMPTY_REGISTRY, FAKE_BASE } from "./testing/fake-layer.ts";
import { memoryFiles } from "./testing/memory-files.ts";
import { CRITERIA_DOCUMENT_FIELDS, unknownFields, unknownInDocument } from "./unknown-fields.ts";

async function warningsOf(files: Readonly<Record<string, string>>): Promise<readonly string[] | undefined> {
  const all = Object.entries({ "registry.yaml": EMPTY_REGISTRY, ...files });
  const content = Object.fromEntries(all.map(([path, text]) => [`/data/${path}`, text]));
  return (await openDataDirectory(memoryFiles(content), "/data")).warnings;
}

test("keys that nothing reads are told with their place and the nearest key", async () => {
  expect(
    await warningsOf({
      "registry.yaml": "components:\n  - name: a\n    helm: {defaultVersoin: v1}\n",
      "overlays/eks.yaml": `kind: RecipeMetadata
metadata: {name: eks, labels: {team: blue}}
spec:
  criteria:
    servic: eks
  componentRef: []
  componentRefs:
    - name: a
      versoin: v2
      overrides: {anything: {goes: here}}
  validation:
    deployment: {timout: 5m}
`,
    }),
  ).toEqual([
    '/data/registry.yaml:3:12: components[0].helm: unknown key "defaultVersoin" is ignored. Did you mean "defaultVersion"?',
    '/data/overlays/eks.yaml:5:5: spec.criteria: unknown key "servic" is ignored. Did you mean "service"?',
    '/data/overlays/eks.yaml:6:3: spec: unknown key "componentRef" is ignored. Did you mean "componentRefs"?',
    '/data/overlays/eks.yaml:9:7: spec.componentRefs[0]: unknown key "versoin" is ignored. Did you mean "version"?',
    '/data/overlays/eks.yaml:12:18: spec.validation.deployment: unknown key "timout" is ignored. Did you mean "timeout"?',
  ]);
});

test("a right directory has nothing to tell, nor have documents of another kind", async () => {
  expect(await warningsOf({ "overlays/base.yaml": FAKE_BASE, "other.yaml": "kind: Pod\nsepc: {}\n" })).toEqual([]);
});

test("beyond twenty, unknown keys are counted", async () => {
  const spec = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`nonsense${index}`, 1]));
  const warnings = await warningsOf({ "overlays/x.yaml": JSON.stringify({ spec }) });
  expect([warnings?.length, warnings?.at(-1)]).toEqual([21, "5 more unknown keys of recipe data are ignored"]);
});

test("a key that is a property of every object is no known one", () => {
  expect(unknownFields({ toString: 1 }, CRITERIA_DOCUMENT_FIELDS)).toEqual([
    { steps: ["toString"], known: ["kind", "apiVersion", "metadata", "spec"] },
  ]);
});

test("a document that a user names is told without lines", () => {
  expect(unknownInDocument({ spec: { servic: "eks" }, sepc: {} }, CRITERIA_DOCUMENT_FIELDS, "c.yaml")).toEqual([
    'c.yaml: spec: unknown key "servic" is ignored. Did you mean "service"?',
    'c.yaml: unknown key "sepc" is ignored. Did you mean "spec"?',
  ]);
});
