import type { TreeMap } from "@slipway/base";
import { textFile, type BundleComponent, type BundleFile, type BundlePlan, type Deployment } from "../../model.ts";
import { namespaceObject, ownNamespaces } from "../../namespaces.ts";
import { gitSource, placeholderNotes, type GitSource } from "../git-source.ts";
import { checkObjectNames } from "../names.ts";
import { componentFiles, kustomizationYaml, stepsOf, yamlDocuments } from "./component.ts";
import { bundleRepository, type SyncStep } from "./objects.ts";
import { fluxReadme } from "./readme.ts";

/**
 * The bundle that Flux installs from a Git repository. Each component is a chain of Flux Kustomizations, which can depend
 * on each other whatever they install; a HelmRelease depends on HelmReleases only.
 *
 * @throws SlipwayError INVALID_INPUT for a component that cannot name an object of Kubernetes
 */
export function fluxDeployment(plan: BundlePlan): Deployment {
  const git = gitSource(plan.options);
  checkObjectNames(plan.components);
  const steps = planSteps(plan.components);
  const releases = new Set(
    plan.components.flatMap(({ installation, name }) => (installation.kind === "chart" ? [name] : [])),
  );
  return {
    files: [
      ...plan.components.flatMap((component) => componentFiles(component, steps.get(component.name) ?? [], releases)),
      ...rootFiles(plan.components, steps, git),
      textFile("README.md", fluxReadme(plan, git)),
    ],
    notes: placeholderNotes(git, "source.yaml"),
    warnings: plan.components
      .filter(({ name }) => steps.get(name)?.length === 0)
      .map(({ name }) => `${name}: it has neither a source nor manifests, so Flux has nothing to install for it`),
  };
}

/** The steps of each component, each behind the last steps of what it needs. */
function planSteps(components: readonly BundleComponent[]): ReadonlyMap<string, readonly SyncStep[]> {
  const byName = new Map(components.map((component) => [component.name, component]));
  const lastStep = (name: string): readonly string[] => {
    const component = byName.get(name);
    const last = component === undefined ? undefined : stepsOf(component, []).at(-1);
    return last === undefined ? [] : [last.name];
  };
  return new Map(
    components.map((component) => [component.name, stepsOf(component, component.dependencies.flatMap(lastStep))]),
  );
}

function rootFiles(
  components: readonly BundleComponent[],
  steps: ReadonlyMap<string, readonly SyncStep[]>,
  git: GitSource,
): readonly BundleFile[] {
  const namespaces = namespaceObjects(components);
  const syncs = components.flatMap(({ name }) => (steps.get(name)?.length === 0 ? [] : [`${name}/sync.yaml`]));
  return [
    ...(namespaces.length === 0 ? [] : [textFile("namespaces.yaml", yamlDocuments(namespaces))]),
    textFile("source.yaml", yamlDocuments([bundleRepository(git)])),
    textFile(
      "kustomization.yaml",
      kustomizationYaml({
        resources: [...(namespaces.length === 0 ? [] : ["namespaces.yaml"]), "source.yaml", ...syncs],
      }),
    ),
  ];
}

/** Manifests may come before the chart that would make the namespace, and may say more of it: so these only fill gaps. */
function namespaceObjects(components: readonly BundleComponent[]): readonly TreeMap[] {
  return ownNamespaces(components).map((name) =>
    namespaceObject(name, {
      "kustomize.toolkit.fluxcd.io/prune": "disabled",
      "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent",
    }),
  );
}
