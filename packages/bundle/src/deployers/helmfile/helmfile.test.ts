import { rejectionOf } from "@slipway/base/testing";
import type { ComponentRef } from "@slipway/recipe";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../../bundle.ts";
import { contentOf, sampleCatalog, sampleOptions } from "../../testing/sample.ts";

async function helmfileOf(components: readonly ComponentRef[], texts: Readonly<Record<string, string>> = {}) {
  const recipe = fakeRecipe(components);
  const { files } = await makeBundle(recipe, sampleCatalog([], {}, texts), sampleOptions({ deployer: "helmfile" }));
  return { text: contentOf(files, "helmfile.yaml"), paths: files.map(({ path }) => path) };
}

test("components with one repository share its entry, and needs name only what is in the bundle", async () => {
  const source = "https://charts.example.com";
  const { text } = await helmfileOf([
    { name: "a", source, chart: "x", namespace: "ns" },
    { name: "kai-scheduler", source, dependencyRefs: ["a", "gone", "a"] },
  ]);
  expect(text).toBe(`repositories:
  - name: a
    url: https://charts.example.com
helmDefaults:
  wait: true
  timeout: 600
  createNamespace: true
releases:
  - name: a
    namespace: ns
    chart: a/x
    values:
      - a/values.yaml
  - name: kai-scheduler
    namespace: default
    chart: a/kai-scheduler
    needs:
      - ns/a
    wait: false
    values:
      - kai-scheduler/values.yaml
`);
});

test("manifests in a namespace of the system need no file of namespaces, and a namespace is never deleted", async () => {
  const { paths, text } = await helmfileOf([{ name: "a", namespace: "kube-system", manifestFiles: ["m/n.yaml"] }], {
    "m/n.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
  });
  expect(paths).not.toContain("namespaces.yaml");
  expect(text.match(/- (presync|postsync|preuninstall|postuninstall)/g)).toEqual(["- presync"]);
});

test.each([
  { name: "a{{ exec }}", source: "https://x" },
  { name: "a", source: "https://x", version: "{{ x }}" },
  { name: "a", source: "https://x/{{" },
  { name: "a", namespace: "{{", source: "https://x" },
  { name: "a", type: "Kustomize", source: "https://x", path: "{{ y }}" },
])("a text that helmfile would run as a template is refused: %j", async (component) => {
  const error = await rejectionOf(helmfileOf([component]));
  expect([error.code, error.message]).toEqual([
    "INVALID_INPUT",
    expect.stringMatching(/^helmfile would take ".*\{\{.*" for a template$/),
  ]);
});
