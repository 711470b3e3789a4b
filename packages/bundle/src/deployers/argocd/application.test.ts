import type { ComponentRef } from "@slipway/recipe";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../../bundle.ts";
import type { Bundle } from "../../model.ts";
import { contentOf, sampleCatalog, sampleOptions } from "../../testing/sample.ts";

function argocdBundle(component: ComponentRef, texts: Readonly<Record<string, string>> = {}): Promise<Bundle> {
  const options = sampleOptions({ deployer: "argocd", repo: "https://git.example.com/a.git" });
  return makeBundle(fakeRecipe([component]), sampleCatalog([], {}, texts), options);
}

/** The sources of the only Application, as text. */
async function sourcesOf(component: ComponentRef, texts?: Readonly<Record<string, string>>): Promise<string> {
  const { files } = await argocdBundle(component, texts);
  return /  sources?:\n([^]*?)  destination:/.exec(contentOf(files, "a/application.yaml"))?.[1] ?? "";
}

test("a chart without a version is the newest, and one of an OCI registry is named without the scheme", async () => {
  expect(await sourcesOf({ name: "a", source: "oci://ghcr.io/x", chart: "c" })).toBe(`    - repoURL: ghcr.io/x
      chart: c
      targetRevision: '*'
      helm:
        releaseName: a
        valueFiles:
          - $values/a/values.yaml
    - repoURL: https://git.example.com/a.git
      targetRevision: main
      ref: values
`);
});

test("a kustomization with manifests has both as sources", async () => {
  const component = { name: "a", type: "Kustomize", source: "https://x.example.com/r", manifestFiles: ["m/x.yaml"] };
  expect(await sourcesOf(component, { "m/x.yaml": "kind: X\n" })).toBe(`    - repoURL: https://x.example.com/r
      targetRevision: HEAD
      path: .
    - repoURL: https://git.example.com/a.git
      targetRevision: main
      path: a/manifests
`);
});

test("a component with nothing to install has values, no Application, and a warning", async () => {
  const bundle = await argocdBundle({ name: "a", namespace: "n" });
  expect(bundle.files.map(({ path }) => path)).toEqual([
    "README.md",
    "a/values.yaml",
    "app-of-apps.yaml",
    "checksums.txt",
    "recipe.yaml",
  ]);
  expect(bundle.warnings).toEqual(["a: it has neither a source nor manifests, so there is no Application for it"]);
});
