import { rejectionOf } from "@slipway/base/testing";
import { parseSet, parseSetJson } from "@slipway/recipe";
import { fakeRecipe, fakeRegistryComponent } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "./bundle.ts";
import { checksumsOf } from "./checksums.ts";
import { DEPLOYERS, textFile } from "./model.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, contentOf, sampleCatalog, sampleOptions } from "./testing/sample.ts";

test.each(DEPLOYERS)(
  "a %s bundle of the same recipe has the same bytes, and checksums of every file",
  async (deployer) => {
    const options = sampleOptions({ deployer });
    const [first, second] = await Promise.all([
      makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, options),
      makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, options),
    ]);
    expect(first).toEqual(second);
    const others = first.files.filter(({ path }) => path !== "checksums.txt");
    expect(contentOf(first.files, "checksums.txt")).toBe(await checksumsOf(others));
    const paths = first.files.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)].sort());
    expect(first.components).toEqual(["cert-manager", "gpu-operator", "trainer", "tuning"]);
  },
);

test("values are those of the recipe, then overrides, then scheduling; neither recipe nor catalog changes", async () => {
  const registry = [
    {
      ...fakeRegistryComponent("a", ["other"]),
      system: { nodeSelectorPaths: ["selector"], tolerationPaths: ["extra.tolerations"], taintStrPaths: [] },
    },
  ];
  const extra = { kept: true };
  const recipe = fakeRecipe([{ name: "a", valuesFile: "v.yaml", overrides: { extra } }]);
  const catalog = sampleCatalog(registry, { "v.yaml": { version: "1", selector: { old: "x" } } });
  const before = structuredClone(recipe);
  const options = sampleOptions({
    overrides: [parseSet("other:version=570.10"), parseSet("other:enabled=true"), parseSetJson('other:list=["x"]')],
    scheduling: { systemNodeSelector: { pool: "system" } },
  });
  const bundle = await makeBundle(recipe, catalog, options);
  expect(contentOf(bundle.files, "a/values.yaml")).toBe(`# Values of this component, made by aicr bundle.
---
extra:
  kept: true
  tolerations:
    - operator: Exists
list:
  - x
selector:
  pool: system
version: "570.10"
`);
  expect(recipe).toEqual(before);
  expect(bundle.recipe).toEqual(before);
  expect(contentOf(bundle.files, "recipe.yaml")).not.toContain("tolerations");
});

test("recipe.yaml and the bundle lack a component that is switched off, and what depended on it goes on", async () => {
  const bundle = await makeBundle(
    SAMPLE_RECIPE,
    SAMPLE_CATALOG,
    sampleOptions({ overrides: [parseSet("cert-manager:enabled=false")] }),
  );
  expect(bundle.components).toEqual(["gpu-operator", "trainer", "tuning"]);
  expect(bundle.files.filter(({ path }) => path.startsWith("cert-manager/"))).toEqual([]);
  const recipe = contentOf(bundle.files, "recipe.yaml");
  expect(recipe).not.toContain("name: cert-manager");
  expect(recipe).toContain("dependencyRefs:\n      - cert-manager\n");
  expect(bundle.warnings).toEqual(["cert-manager is switched off, but needed by gpu-operator, trainer"]);
});

test("everything that may not be as it was meant is warned of", async () => {
  const registry = [
    {
      ...fakeRegistryComponent("a"),
      checks: [{ function: "CheckWorkloadSelectorMissing", severity: "warning", conditions: {}, message: "Set it." }],
    },
  ];
  const recipe = fakeRecipe([
    { name: "a", valuesFile: "missing.yaml" },
    { name: "B", source: "https://x", namespace: "b" },
  ]);
  const catalog = sampleCatalog(registry, { "components/a/v.yaml": {} });
  const overrides = [parseSet("nosuch:x=1"), parseSet("a:enabled=maybe"), parseSet("a:b=1"), parseSet("a:b.c=1")];
  const bundle = await makeBundle(recipe, catalog, sampleOptions({ overrides }));
  expect(bundle.warnings).toEqual([
    '--set nosuch:x=1 is ignored: there is no component "nosuch"',
    "--set a:enabled=maybe is ignored: expected true or false",
    "a: --workload-selector is not given. Set it.",
    "B: its chart has no version: the newest will be installed, so it is not locked",
    'a: installed without values of its own, because: component "a" has the values file "missing.yaml", which the catalog does not have. Add missing.yaml to the data directory, or name another file.',
    '--set a:b.c=1 is ignored: "b" is a number, not a map',
    "B: helm will refuse it as the name of a release (at most 53 lower-case letters, digits and dashes)",
    "a: it has neither a source nor manifests, so there is nothing to install for it",
  ]);
  expect(bundle.notes).toEqual([]);
});

test("a recipe that cannot start is refused, and one that may not is warned of", async () => {
  const chart = { source: "https://x.example.com", version: "1.2.3", namespace: "x" };
  const recipe = fakeRecipe([
    { ...chart, name: "a", type: "chart", dependencyRefs: ["b"] },
    { ...chart, name: "b", dependencyRefs: ["a"] },
  ]);
  const bundleFor = (deployer: (typeof DEPLOYERS)[number]) =>
    makeBundle(recipe, SAMPLE_CATALOG, sampleOptions({ deployer }));
  expect((await bundleFor("argocd")).warnings).toEqual([
    'a: the type "chart" is unknown, so it is taken for Helm (there is Kustomize too)',
    'components depend on each other in a cycle: "a" -> "b" -> "a"; they are installed in the order of the recipe',
  ]);
  expect((await rejectionOf(bundleFor("helmfile"))).message).toBe(
    'components depend on each other in a cycle: "a" -> "b" -> "a"',
  );
});

test("the first component that fails stops the others, and its error is the one that is told", async () => {
  const texts: Record<string, string> = { "m/bad.yaml": "{{ if }}" };
  const asked: string[] = [];
  const plain = sampleCatalog([], {}, texts);
  const catalog = {
    ...plain,
    text: async (path: string) => {
      asked.push(path);
      return plain.text(path);
    },
  };
  const slow = Array.from({ length: 40 }, (_, index) => ({ name: `c${index}`, manifestFiles: ["m/missing.yaml"] }));
  const recipe = fakeRecipe([{ name: "bad", manifestFiles: ["m/bad.yaml"] }, ...slow]);
  const error = await rejectionOf(makeBundle(recipe, catalog, sampleOptions()));
  expect([error.code, error.place?.file]).toEqual(["INVALID_TEMPLATE", "m/bad.yaml"]);
  expect(asked.length).toBeLessThan(20);
});

test("an aborted signal ends the work", async () => {
  const stopped = AbortSignal.abort(new Error("interrupted"));
  await expect(makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions(), stopped)).rejects.toThrow("interrupted");
});

test("files that are added are listed too; two files cannot share a path, nor be a folder of each other", async () => {
  const bundleWith = (path: string, deployer: (typeof DEPLOYERS)[number] = "helm") =>
    makeBundle(
      SAMPLE_RECIPE,
      SAMPLE_CATALOG,
      sampleOptions({ deployer, extraFiles: [{ path, content: new Uint8Array([0, 255]), executable: false }] }),
    );
  const { files } = await bundleWith("charts/x.tgz");
  expect(contentOf(files, "checksums.txt")).toMatch(/^[0-9a-f]{64} {2}charts\/x\.tgz$/m);
  const clash = async (path: string): Promise<string> => (await rejectionOf(bundleWith(path))).message;
  expect(await clash("README.md")).toBe("the bundle cannot hold two files named README.md");
  expect(await clash("checksums.txt")).toBe("the bundle cannot hold two files named checksums.txt");
  expect(await clash("deploy.sh/x")).toBe("the bundle cannot hold both deploy.sh and deploy.sh/x");
  expect(await clash("../x")).toBe('"../x" is no path of a bundle: the path leaves the bundle');
  const named = fakeRecipe([{ name: "README.md" }]);
  expect((await rejectionOf(makeBundle(named, SAMPLE_CATALOG, sampleOptions()))).message).toBe(
    "the bundle cannot hold both README.md and README.md/values.yaml",
  );
});

test("vendored charts are taken from the bundle, except by Argo CD, which says so", async () => {
  const chart = textFile("charts/gpu-operator-v25.10.1.tgz", "archive");
  const vendored = new Map([["gpu-operator", chart.path]]);
  const bundles = await Promise.all(
    DEPLOYERS.map((deployer) =>
      makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions({ deployer, vendored, extraFiles: [chart] })),
    ),
  );
  const [helm, argocd, flux, helmfile] = bundles.map(({ files }) => files);
  expect(contentOf(helm ?? [], "gpu-operator/install.sh")).toContain(
    `upgrade --install gpu-operator "$here"/../charts/gpu-operator-v25.10.1.tgz --namespace`,
  );
  expect(contentOf(argocd ?? [], "gpu-operator/application.yaml")).toContain("https://helm.ngc.nvidia.com/nvidia");
  expect(contentOf(flux ?? [], "gpu-operator/release.yaml")).toContain(
    "chart: ./charts/gpu-operator-v25.10.1.tgz\n      sourceRef:\n        kind: GitRepository\n",
  );
  expect(contentOf(helmfile ?? [], "helmfile.yaml")).toContain("chart: ./charts/gpu-operator-v25.10.1.tgz\n");
  expect(bundles.map(({ warnings }) => warnings)).toEqual([
    [],
    ["gpu-operator: Argo CD reads no chart archives, so its Application still takes the chart from its repository"],
    [],
    [],
  ]);
});
