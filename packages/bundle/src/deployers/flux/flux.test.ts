import { isTreeMap, own, parseYamlDocuments, type Tree } from "@slipway/base";
import type { ComponentRef } from "@slipway/recipe";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../../bundle.ts";
import type { Bundle } from "../../model.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, contentOf, sampleCatalog, sampleOptions } from "../../testing/sample.ts";

function fluxBundle(
  components: readonly ComponentRef[],
  texts: Readonly<Record<string, string>> = {},
): Promise<Bundle> {
  const options = sampleOptions({ deployer: "flux", repo: "https://git.example.com/a.git" });
  return makeBundle(fakeRecipe(components), sampleCatalog([], {}, texts), options);
}

function at(tree: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>((value, key) => (isTreeMap(value) ? own(value, key) : undefined), tree);
}

/** Every step of a bundle with the steps that it waits for. */
function stepsOf({ files }: Bundle): Map<Tree | undefined, Tree | undefined> {
  const documents = files
    .filter(({ path }) => path.endsWith("/sync.yaml"))
    .flatMap(({ path }) => parseYamlDocuments(contentOf(files, path)))
    .filter((document) => at(document, "kind") === "Kustomization");
  return new Map(documents.map((document) => [at(document, "metadata", "name"), at(document, "spec", "dependsOn")]));
}

test("each component waits for the last step of what it needs, whatever that installs", async () => {
  const bundle = await makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions({ deployer: "flux" }));
  expect(Object.fromEntries(stepsOf(bundle))).toEqual({
    "cert-manager": undefined,
    "gpu-operator-before": [{ name: "cert-manager" }],
    "gpu-operator": [{ name: "gpu-operator-before" }],
    "gpu-operator-after": [{ name: "gpu-operator" }],
    trainer: [{ name: "cert-manager" }],
    tuning: [{ name: "gpu-operator-after" }, { name: "trainer" }],
  });
});

test("a component with nothing to install is no step, nothing waits for it, and a warning says so", async () => {
  const bundle = await fluxBundle([
    { name: "empty" },
    { name: "a", source: "https://x", version: "1.2.3", namespace: "flux-system", dependencyRefs: ["empty"] },
  ]);
  expect(Object.fromEntries(stepsOf(bundle))).toEqual({ a: undefined });
  expect(bundle.warnings).toEqual([
    "empty: it has neither a source nor manifests, so Flux has nothing to install for it",
  ]);
  expect(contentOf(bundle.files, "kustomization.yaml")).toBe(`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - source.yaml
  - sync.yaml
  - a/sync.yaml
`);
});

test("a kustomization without a tag or a scheme is read from the main branch over https", async () => {
  const { files } = await fluxBundle([{ name: "k", type: "Kustomize", source: "github.com/o/r" }]);
  expect(contentOf(files, "k/sync.yaml")).toContain("url: https://github.com/o/r\n  ref:\n    branch: main\n");
  expect(contentOf(files, "k/sync.yaml")).toContain("  path: ./\n");
});

test("kai-scheduler is not waited for", async () => {
  const { files } = await fluxBundle([{ name: "kai-scheduler", source: "oci://ghcr.io/x" }]);
  expect(contentOf(files, "kai-scheduler/release.yaml").match(/disableWait: true/g)).toHaveLength(2);
});
