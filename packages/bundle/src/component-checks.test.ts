import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { fakeRecipe } from "@slipway/recipe/testing";
import { makeBundle } from "./bundle.ts";
import { componentWarnings, cycleWarnings } from "./component-checks.ts";
import { DEPLOYERS } from "./model.ts";
import { sampleCatalog, sampleOptions } from "./testing/sample.ts";

test("what is usual is not warned of", () => {
  for (const source of ["https://x.example.com/y", "http://x", "oci://ghcr.io/x", "./charts", "../x", "/srv/charts"])
    for (const version of ["1.2.3", "v1.2.3-rc.1+build.5"])
      expect(componentWarnings({ name: "a", type: "Helm", source, version })).toEqual([]);
  expect(componentWarnings({ name: "a", type: "Kustomize", source: "github.com/o/r", version: "a/b" })).toEqual([]);
  expect(componentWarnings({ name: "a" })).toEqual([]);
});

test("types, sources and versions that tools will hardly understand are warned of", () => {
  expect(componentWarnings({ name: "a", type: "helm", source: "charts.example.com", version: "~1.2" })).toEqual([
    'a: the type "helm" is unknown, so it is taken for Helm (there is Kustomize too)',
    'a: the source "charts.example.com" is no chart repository (https://, oci:// or a local path)',
    'a: "~1.2" is no exact version, such as v1.2.3',
  ]);
  expect(componentWarnings({ name: "a", source: "https://x y" })).toEqual([
    'a: the source "https://x y" is no chart repository (https://, oci:// or a local path)',
  ]);
});

test("components that need each other are refused where nothing would ever start, and warned of elsewhere", () => {
  const cycle = [
    { name: "a", dependencyRefs: ["c"] },
    { name: "b", dependencyRefs: ["a"] },
    { name: "c", dependencyRefs: ["b", "gone"] },
  ];
  for (const deployer of ["flux", "helmfile"] as const) {
    const error = errorOf(() => cycleWarnings(cycle, deployer));
    expect([error.code, error.describe()]).toEqual([
      "INVALID_INPUT",
      'components depend on each other in a cycle: "a" -> "c" -> "b" -> "a"\nTake one of them out of the other\'s dependencyRefs.',
    ]);
  }
  for (const deployer of ["helm", "argocd"] as const)
    expect(cycleWarnings(cycle, deployer)).toEqual([
      'components depend on each other in a cycle: "a" -> "c" -> "b" -> "a"; they are installed in the order of the recipe',
    ]);
});

test("a component that needs itself, or one that is not there, is no cycle", () => {
  const components = [
    { name: "a", dependencyRefs: ["a", "gone"] },
    { name: "b", dependencyRefs: ["a", "a"] },
  ];
  expect(cycleWarnings(components, "flux")).toEqual([]);
});

test.each(DEPLOYERS)(
  "with %s, what is not locked, and dependencies that cannot be kept, are warned of",
  async (deployer) => {
    const recipe = fakeRecipe([
      { name: "a", source: "https://charts.example.com", dependencyRefs: ["a", "gone", "gone", "b"] },
      { name: "b", source: "https://charts.example.com", namespace: "b", version: "1.2.3" },
    ]);
    const options = sampleOptions({ deployer, repo: "https://git.example.com/a.git" });
    expect((await makeBundle(recipe, sampleCatalog([]), options)).warnings).toEqual([
      "a: its chart has no version: the newest will be installed, so it is not locked",
      "a: it has no namespace, so where it goes is up to what installs it",
      "a: it is said to need itself, which is ignored",
      'a: it needs "gone", which the recipe does not have',
    ]);
  },
);

test("a chart without a source is not installed, which is said", async () => {
  const recipe = fakeRecipe([{ name: "a", chart: "operator" }]);
  for (const deployer of ["helm", "helmfile"] as const)
    expect((await makeBundle(recipe, sampleCatalog([]), sampleOptions({ deployer }))).warnings).toEqual([
      'a: its chart "operator" has no source, so it is not installed',
      "a: it has neither a source nor manifests, so there is nothing to install for it",
    ]);
});
