import { errorOf, rejectionOf } from "@slipway/base/testing";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../bundle.ts";
import { bundleSource } from "../bundle-source.ts";
import { textFile, type Bundle, type BundleOptions, type Deployer } from "../model.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, contentOf, sampleCatalog, sampleOptions } from "../testing/sample.ts";
import { fluxSource } from "./flux/objects.ts";

/** A bundle that a cluster reads from a registry. */
function artifactBundle(deployer: Deployer, options: Partial<BundleOptions> = {}): Promise<Bundle> {
  const repo = "oci://registry.example.com/gpu/bundle";
  return makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions({ deployer, repo, revision: "v1", ...options }));
}

function textOf({ files }: Bundle): string {
  return files.map(({ path }) => contentOf(files, path)).join("");
}

test("Flux reads an artifact through an OCIRepository, which every step names", async () => {
  const bundle = await artifactBundle("flux");
  expect(contentOf(bundle.files, "source.yaml")).toBe(`apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: gpu-cluster-bundle
  namespace: flux-system
  annotations:
    kustomize.toolkit.fluxcd.io/ssa: Merge
spec:
  interval: 5m
  url: oci://registry.example.com/gpu/bundle
  ref:
    tag: v1
`);
  expect(contentOf(bundle.files, "sync.yaml")).toBe(`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: gpu-cluster-bundle
  namespace: flux-system
spec:
  interval: 1h
  retryInterval: 1m
  prune: true
  sourceRef:
    kind: OCIRepository
    name: gpu-cluster-bundle
  path: ./
`);
  expect(textOf(bundle)).not.toMatch(/kind: GitRepository\n *name: gpu-cluster-bundle|git push|git\.example/);
  expect([bundle.notes, bundle.warnings]).toEqual([[], []]);
});

test("a registry that speaks HTTP is marked so for Flux", async () => {
  const { files } = await artifactBundle("flux", { plainHttp: true });
  expect(contentOf(files, "source.yaml")).toContain("  ref:\n    tag: v1\n  insecure: true\n");
  expect(contentOf(files, "README.md")).toContain(
    "oras blob fetch --plain-http --output - registry.example.com/gpu/bundle@",
  );
});

test("a chart archive of an artifact is out of reach for Flux, which is said", async () => {
  const chart = textFile("charts/gpu-operator.tgz", "archive");
  const vendored = new Map([["gpu-operator", chart.path]]);
  const bundle = await artifactBundle("flux", { vendored, extraFiles: [chart] });
  expect(contentOf(bundle.files, "gpu-operator/release.yaml")).toContain(
    "kind: HelmRepository\n        name: gpu-operator\n",
  );
  expect(bundle.warnings).toEqual([
    "gpu-operator: Flux takes no chart archives from a registry's artifact, so its release still takes the chart from its repository",
  ]);
});

test("Argo CD reads an artifact by its tag, and values stand in the Application", async () => {
  const bundle = await artifactBundle("argocd");
  expect(contentOf(bundle.files, "gpu-operator/application.yaml")).toContain(`  sources:
    - repoURL: https://helm.ngc.nvidia.com/nvidia
      chart: gpu-operator
      targetRevision: v25.10.1
      helm:
        releaseName: gpu-operator
        valuesObject:
          driver:
            version: "570.10"
          operator:
            tolerations:
              - operator: Exists
          settings:
            name: settings
    - repoURL: oci://registry.example.com/gpu/bundle
      targetRevision: v1
      path: gpu-operator/manifests
`);
  expect(contentOf(bundle.files, "cert-manager/application.yaml")).toContain(`  source:
    repoURL: quay.io/jetstack/charts
    chart: cert-manager
    targetRevision: v1.17.2
    helm:
      releaseName: cert-manager
  destination:
`);
  expect(contentOf(bundle.files, "app-of-apps.yaml")).toContain(`  source:
    repoURL: oci://registry.example.com/gpu/bundle
    targetRevision: v1
    path: .
    directory:
      recurse: true
      include: '*/application.yaml'
`);
  expect(textOf(bundle)).not.toMatch(/\$values|ref: values|git push|git\.example/);
  expect(contentOf(bundle.files, "README.md")).toContain("Argo CD 3.1 or later");
  expect([bundle.notes, bundle.warnings]).toEqual([[], []]);
});

test("Flux is given a full address for a short one, and refuses schemes that it does not read", () => {
  const short = bundleSource({ version: "1", repo: "git@git.example.com:team/cluster.git" });
  expect(fluxSource(short).url).toBe("ssh://git@git.example.com/team/cluster.git");
  for (const repo of ["file:///srv/git", "git://git.example.com/x"])
    expect(errorOf(() => fluxSource(bundleSource({ version: "1", repo }))).describe()).toBe(
      `--repo cannot be "${repo}" for Flux\nFlux reads http://, https://, ssh:// and oci://.`,
    );
});

test("an address that cannot be one is refused whatever the deployer", async () => {
  for (const deployer of ["helm", "helmfile", "argocd", "flux"] as const)
    expect((await rejectionOf(artifactBundle(deployer, { repo: "foo bar" }))).code).toBe("USAGE");
});

test("no two components of Flux share an object", async () => {
  const early = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n";
  const clash = async (...names: readonly string[]): Promise<string> => {
    const components = names.map((name) => ({ name, source: "https://x.example.com", manifestFiles: ["m.yaml"] }));
    const catalog = sampleCatalog([], {}, { "m.yaml": early });
    return (
      await rejectionOf(makeBundle(fakeRecipe(components), catalog, sampleOptions({ deployer: "flux" })))
    ).describe();
  };
  expect(await clash("a", "a-before")).toBe(
    'componentRefs: "a-before" would share the object "a-before" with "a"\nRename the component.',
  );
  expect(await clash("gpu-cluster-bundle")).toBe(
    'componentRefs: "gpu-cluster-bundle" would share the object "gpu-cluster-bundle" with the bundle itself\nRename the component.',
  );
});
