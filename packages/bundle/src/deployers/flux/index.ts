import { SlipwayError, type TreeMap } from "@slipway/base";
import { textFile, type BundleComponent, type BundleFile, type BundlePlan, type Deployment } from "../../model.ts";
import { namespaceObject, ownNamespaces } from "../../namespaces.ts";
import { placeholderNotes } from "../../bundle-source.ts";
import { checkObjectNames, fitsLabel } from "../names.ts";
import { componentFiles, kustomizationYaml, stepsOf, yamlDocuments } from "./component.ts";
import type { BundleSource } from "../../bundle-source.ts";
import { BUNDLE_SOURCE, bundleRepository, bundleSourceRef, fluxSource, rootKustomization } from "./objects.ts";
import type { SourceRef, SyncStep } from "./objects.ts";
import { fluxReadme } from "./readme.ts";

/**
 * The bundle that Flux installs from a Git repository or an artifact of a registry. Each component is a chain of Flux Kustomizations, which can depend
 * on each other whatever they install; a HelmRelease depends on HelmReleases only.
 *
 * @throws SlipwayError INVALID_INPUT for a component that cannot name an object of Kubernetes, or for two objects of one
 *   name; USAGE for an address that Flux does not read
 */
export function fluxDeployment(plan: BundlePlan): Deployment {
  const source = fluxSource(plan.source);
  const components = plan.components.map((component) => readable(component, source));
  checkObjectNames(components);
  const steps = planSteps(components, bundleSourceRef(source));
  checkStepNames(steps);
  const releases = new Set(
    components.flatMap(({ installation, name }) => (installation.kind === "chart" ? [name] : [])),
  );
  return {
    files: [
      ...components.flatMap((component) => componentFiles(component, steps.get(component.name) ?? [], releases)),
      ...rootFiles(components, steps, source),
      textFile("README.md", fluxReadme(plan, source, [...steps.values()].flat())),
    ],
    notes: placeholderNotes(source, "source.yaml"),
    warnings: [
      ...components
        .filter(({ name }) => steps.get(name)?.length === 0)
        .map(({ name }) => `${name}: it has neither a source nor manifests, so Flux has nothing to install for it`),
      ...plan.components
        .filter((component, index) => component !== components[index])
        .map(
          ({ name }) =>
            `${name}: Flux takes no chart archives from a registry's artifact, so its release still takes the chart from its repository`,
        ),
    ],
  };
}

/** A component as Flux can install it: a HelmRelease finds an archive in a GitRepository, but in no OCIRepository. */
function readable(component: BundleComponent, source: BundleSource): BundleComponent {
  const { installation } = component;
  if (source.kind === "git" || installation.kind !== "chart" || installation.archive === undefined) return component;
  return { ...component, installation: { ...installation, archive: undefined } };
}

/** Two components can come to the same name: `a` with early manifests has a step `a-before`. */
function checkStepNames(steps: ReadonlyMap<string, readonly SyncStep[]>): void {
  const seen = new Map([[BUNDLE_SOURCE, "the bundle itself"]]);
  for (const [component, list] of steps) {
    for (const { name } of list) {
      if (!fitsLabel(name)) throw tooLong(component, name);
      const other = seen.get(name);
      if (other !== undefined)
        throw new SlipwayError("INVALID_INPUT", `"${component}" would share the object "${name}" with ${other}`, {
          place: { field: "componentRefs" },
          hint: "Rename the component.",
        });
      seen.set(name, `"${component}"`);
    }
  }
}

function tooLong(component: string, name: string): SlipwayError {
  const message = `"${component}" is too long a name: Flux would need an object "${name}", and has 63 signs`;
  return new SlipwayError("INVALID_INPUT", message, {
    place: { field: "componentRefs" },
    hint: "Rename the component.",
  });
}

/** The steps of each component, each behind the last steps of what it needs. */
function planSteps(
  components: readonly BundleComponent[],
  source: SourceRef,
): ReadonlyMap<string, readonly SyncStep[]> {
  const byName = new Map(components.map((component) => [component.name, component]));
  const lastStep = (name: string): readonly string[] => {
    const component = byName.get(name);
    const last = component === undefined ? undefined : stepsOf(component, source, []).at(-1);
    return last === undefined ? [] : [last.name];
  };
  return new Map(
    components.map((component) => [
      component.name,
      stepsOf(component, source, component.dependencies.flatMap(lastStep)),
    ]),
  );
}

function rootFiles(
  components: readonly BundleComponent[],
  steps: ReadonlyMap<string, readonly SyncStep[]>,
  source: BundleSource,
): readonly BundleFile[] {
  const namespaces = namespaceObjects(components);
  const syncs = components.flatMap(({ name }) => (steps.get(name)?.length === 0 ? [] : [`${name}/sync.yaml`]));
  return [
    ...(namespaces.length === 0 ? [] : [textFile("namespaces.yaml", yamlDocuments(namespaces))]),
    textFile("source.yaml", yamlDocuments([bundleRepository(source)])),
    textFile("sync.yaml", yamlDocuments([rootKustomization(source)])),
    textFile(
      "kustomization.yaml",
      kustomizationYaml({
        resources: [...(namespaces.length === 0 ? [] : ["namespaces.yaml"]), "source.yaml", "sync.yaml", ...syncs],
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
