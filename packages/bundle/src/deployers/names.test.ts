import { rejectionOf } from "@slipway/base/testing";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../bundle.ts";
import type { Bundle, Deployer } from "../model.ts";
import { sampleCatalog, sampleOptions } from "../testing/sample.ts";

function warningsOf(deployer: Deployer, name: string): Promise<readonly string[]> {
  const recipe = fakeRecipe([{ name, source: "https://x.example.com", version: "1.2.3", namespace: "x" }]);
  return makeBundle(recipe, sampleCatalog([]), sampleOptions({ deployer })).then(({ warnings }) => warnings);
}

test.each(["A", "a_b", "a b", "é", "a-", "x".repeat(54)])("helm will refuse a release named %s", async (name) => {
  for (const deployer of ["helm", "helmfile"] as const)
    expect(await warningsOf(deployer, name)).toEqual([
      `${name}: helm will refuse it as the name of a release (at most 53 lower-case letters, digits and dashes)`,
    ]);
});

test.each(["A", "a_b", "a b", "é", "a-", "x".repeat(54)])("no object of a cluster can be named %s", async (name) => {
  for (const deployer of ["argocd", "flux"] as const)
    expect((await rejectionOf(warningsOf(deployer, name))).describe()).toBe(
      `"${name}" cannot name an object of Kubernetes\nUse at most 53 lower-case letters, digits and dashes.`,
    );
});

test.each(["A", "a.b", "a b", "x".repeat(64)])("no cluster can have the namespace %s", async (namespace) => {
  const bundleOf = (deployer: Deployer): Promise<Bundle> =>
    makeBundle(
      fakeRecipe([{ name: "a", source: "https://x.example.com", version: "1.2.3", namespace }]),
      sampleCatalog([]),
      sampleOptions({ deployer }),
    );
  for (const deployer of ["argocd", "flux"] as const)
    expect((await rejectionOf(bundleOf(deployer))).describe()).toBe(
      `a.namespace: no cluster can have the namespace "${namespace}"\nUse at most 63 lower-case letters, digits and dashes.`,
    );
  for (const deployer of ["helm", "helmfile"] as const)
    expect((await bundleOf(deployer)).warnings).toEqual([
      `a: no cluster can have the namespace "${namespace}" (at most 63 lower-case letters, digits and dashes)`,
    ]);
});

test("a step of Flux must fit a label", async () => {
  const name = "x".repeat(63);
  const manifests = fakeRecipe([{ name, manifestFiles: ["m.yaml"] }]);
  const kustomize = fakeRecipe([
    { name, type: "Kustomize", source: "https://x.example.com", manifestFiles: ["m.yaml"] },
  ]);
  const catalog = sampleCatalog([], {}, { "m.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n" });
  const options = sampleOptions({ deployer: "flux" });
  expect((await makeBundle(manifests, catalog, options)).components).toEqual([name]);
  expect((await rejectionOf(makeBundle(kustomize, catalog, options))).describe()).toBe(
    `componentRefs: "${name}" is too long a name: Flux would need an object "${name}-before", and has 63 signs\nRename the component.`,
  );
});

test("usual names are fine everywhere", async () => {
  for (const name of ["a", "gpu-operator", "k8s.io", "x".repeat(53)])
    for (const deployer of ["helm", "argocd", "flux", "helmfile"] as const)
      expect(await warningsOf(deployer, name)).toEqual([]);
});

test("the parent Application of Argo CD shares its name with no component", async () => {
  expect((await rejectionOf(warningsOf("argocd", "nvidia-stack"))).describe()).toBe(
    'componentRefs: "nvidia-stack" would share its Application with the parent of all others\nRename the component.',
  );
});
