import { rejectionOf } from "@slipway/base/testing";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../bundle.ts";
import type { Deployer } from "../model.ts";
import { sampleCatalog, sampleOptions } from "../testing/sample.ts";

function warningsOf(deployer: Deployer, name: string): Promise<readonly string[]> {
  const recipe = fakeRecipe([{ name, source: "https://x.example.com" }]);
  return makeBundle(recipe, sampleCatalog([]), sampleOptions({ deployer })).then(({ warnings }) => warnings);
}

test.each(["A", "a_b", "a b", "é", "a-", "x".repeat(54)])("helm will refuse a release named %s", async (name) => {
  for (const deployer of ["helm", "helmfile"] as const)
    expect(await warningsOf(deployer, name)).toEqual([
      `${name}: helm will refuse it as the name of a release (lower-case letters, digits and dashes only)`,
    ]);
});

test.each(["A", "a_b", "a b", "é", "a-"])("no object of a cluster can be named %s", async (name) => {
  for (const deployer of ["argocd", "flux"] as const)
    expect((await rejectionOf(warningsOf(deployer, name))).describe()).toBe(
      `"${name}" cannot name an object of Kubernetes\nUse lower-case letters, digits and dashes.`,
    );
});

test("usual names are fine everywhere", async () => {
  for (const name of ["a", "gpu-operator", "k8s.io", "x".repeat(53)])
    for (const deployer of ["helm", "argocd", "flux", "helmfile"] as const)
      expect(await warningsOf(deployer, name)).toEqual([]);
});
