import { writeYaml, type Tree, type TreeMap } from "@slipway/base";
import { textFile, type BundleComponent, type BundleFile, type Manifest } from "../../model.ts";
import { componentFacts, readme } from "../../readme.ts";
import { valuesFile } from "../../values-file.ts";
import {
  FLUX_NAMESPACE,
  fluxKustomization,
  helmRelease,
  helmRepository,
  kustomizeRepository,
  valuesName,
  type SourceRef,
  type SyncStep,
} from "./objects.ts";

/**
 * The steps of a component: manifests of kinds that every cluster has, then its chart or kustomization, then the other
 * manifests; one step alone when it is made of manifests, none when there is nothing to install.
 *
 * @param source what the bundle is read from
 * @param needs the steps that must be ready before the first one
 */
export function stepsOf(component: BundleComponent, source: SourceRef, needs: readonly string[]): readonly SyncStep[] {
  const { installation, manifests, name } = component;
  if (installation.kind === "manifests")
    return manifests.length === 0 ? [] : [{ name, source, path: `./${name}/manifests`, needs }];
  const { before, after } = splitManifests(component);
  const software =
    installation.kind === "chart"
      ? { name, source, path: `./${name}` }
      : {
          name,
          source: { kind: "GitRepository", name } as const,
          path: `./${(installation.path ?? "").replace(/^(\.?\/)+/, "")}`,
        };
  const folder = (part: string): Omit<SyncStep, "needs"> => ({
    name: `${name}-${part}`,
    source,
    path: `./${name}/manifests/${part}`,
  });
  const steps = [
    ...(before.length === 0 ? [] : [folder("before")]),
    software,
    ...(after.length === 0 ? [] : [folder("after")]),
  ];
  return steps.map((step, index) => ({ ...step, needs: index === 0 ? needs : [steps[index - 1]?.name ?? ""] }));
}

/** The files of a component; `releases` are the components that are releases, which a release can depend on. */
export function componentFiles(
  component: BundleComponent,
  steps: readonly SyncStep[],
  releases: ReadonlySet<string>,
): readonly BundleFile[] {
  const { installation, name } = component;
  const own = installation.kind === "kustomize" ? [kustomizeRepository(name, installation)] : [];
  return [
    valuesFile(component),
    textFile(`${name}/README.md`, readme(componentFacts(component))),
    ...(steps.length === 0
      ? []
      : [textFile(`${name}/sync.yaml`, yamlDocuments([...own, ...steps.map(fluxKustomization)]))]),
    ...releaseFiles(component, releases),
    ...manifestFiles(component),
  ];
}

function releaseFiles(component: BundleComponent, releases: ReadonlySet<string>): readonly BundleFile[] {
  const { dependencies, installation, name } = component;
  if (installation.kind !== "chart") return [];
  const release = helmRelease(
    component,
    installation,
    dependencies.filter((need) => releases.has(need)),
  );
  const repository = installation.archive === undefined ? [helmRepository(name, installation)] : [];
  return [
    textFile(`${name}/release.yaml`, yamlDocuments([...repository, release])),
    textFile(
      `${name}/kustomization.yaml`,
      kustomizationYaml({
        resources: ["release.yaml"],
        configMapGenerator: [{ name: valuesName(name), namespace: FLUX_NAMESPACE, files: ["values.yaml"] }],
        // The release names the ConfigMap, which must therefore keep its name; the label makes Flux see a change of it.
        generatorOptions: {
          disableNameSuffixHash: true,
          labels: { "reconcile.fluxcd.io/watch": "Enabled" },
        },
      }),
    ),
  ];
}

function manifestFiles(component: BundleComponent): readonly BundleFile[] {
  const { installation, manifests, name } = component;
  if (installation.kind === "manifests") return manifestFolder(`${name}/manifests`, manifests);
  const { before, after } = splitManifests(component);
  return [...manifestFolder(`${name}/manifests/before`, before), ...manifestFolder(`${name}/manifests/after`, after)];
}

function splitManifests({ manifests }: BundleComponent): {
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
} {
  return {
    before: manifests.filter(({ isEarly }) => isEarly),
    after: manifests.filter(({ isEarly }) => !isEarly),
  };
}

function manifestFolder(folder: string, manifests: readonly Manifest[]): readonly BundleFile[] {
  if (manifests.length === 0) return [];
  return [
    textFile(`${folder}/kustomization.yaml`, kustomizationYaml({ resources: manifests.map(({ name }) => name) })),
    ...manifests.map(({ name, content }) => textFile(`${folder}/${name}`, content)),
  ];
}

/** A kustomization.yaml (kustomize.config.k8s.io/v1beta1). */
export function kustomizationYaml(content: TreeMap): string {
  return writeYaml({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...content });
}

/** Several documents in one file. */
export function yamlDocuments(documents: readonly Tree[]): string {
  return documents.map((document) => writeYaml(document)).join("---\n");
}
