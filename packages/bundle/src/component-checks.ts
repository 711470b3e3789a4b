import { SlipwayError } from "@slipway/base";
import { deploymentOrder, type ComponentRef } from "@slipway/recipe";
import type { BundleComponent, Deployer } from "./model.ts";

const VERSION = /^[0-9A-Za-z.+-]+$/;
const SOURCE = /^(?:https?|oci):\/\/[^\s]+$|^(?:\.{0,2}\/|file:\/\/)/;

/** A sentence for each field of a component that the tools behind a bundle will hardly understand. */
export function componentWarnings({ name, type, source, version }: ComponentRef): readonly string[] {
  const isKustomize = type === "Kustomize";
  return [
    ...(type === undefined || type === "Helm" || isKustomize
      ? []
      : [`${name}: the type ${JSON.stringify(type)} is unknown, so it is taken for Helm (there is Kustomize too)`]),
    ...(source === undefined || isKustomize || SOURCE.test(source)
      ? []
      : [`${name}: the source ${JSON.stringify(source)} is no chart repository (https://, oci:// or a local path)`]),
    ...(version === undefined || isKustomize || VERSION.test(version)
      ? []
      : [`${name}: ${JSON.stringify(version)} is no exact version, such as v1.2.3`]),
  ];
}

/** A sentence for each thing that a component with a chart leaves open: where it is from, which version, where to. */
export function chartWarnings({ name, namespace, installation, ref }: BundleComponent): readonly string[] {
  if (installation.kind === "manifests" && ref.chart !== undefined)
    return [`${name}: its chart ${JSON.stringify(ref.chart)} has no source, so it is not installed`];
  if (installation.kind !== "chart") return [];
  return [
    ...(installation.version !== undefined || installation.archive !== undefined
      ? []
      : [`${name}: its chart has no version: the newest will be installed, so it is not locked`]),
    ...(namespace === undefined ? [`${name}: it has no namespace, so where it goes is up to what installs it`] : []),
  ];
}

/** A sentence for each component that there is nothing to install for. */
export function emptyWarnings(components: readonly BundleComponent[]): readonly string[] {
  return components
    .filter(({ installation, manifests }) => installation.kind === "manifests" && manifests.length === 0)
    .map(({ name }) => `${name}: it has neither a source nor manifests, so there is nothing to install for it`);
}

/**
 * A sentence for each dependency that cannot be kept: one that the recipe does not have, or the component itself.
 *
 * @param known names of all components of the recipe, those that are switched off too
 */
export function dependencyWarnings(components: readonly ComponentRef[], known: ReadonlySet<string>): readonly string[] {
  return components.flatMap(({ name, dependencyRefs = [] }) =>
    [...new Set(dependencyRefs)].flatMap((other) => {
      if (other === name) return [`${name}: it is said to need itself, which is ignored`];
      if (known.has(other)) return [];
      return [`${name}: it needs ${JSON.stringify(other)}, which the recipe does not have`];
    }),
  );
}

/**
 * Looks for components that need each other. Scripts and sync waves go by the order of the recipe, so a cycle is warned
 * of; the objects of Flux would wait for each other for ever, and Helmfile refuses it.
 *
 * @throws SlipwayError INVALID_INPUT that names the cycle, for Flux and Helmfile
 */
export function cycleWarnings(components: readonly ComponentRef[], deployer: Deployer): readonly string[] {
  const present = new Set(components.map(({ name }) => name));
  const known = components.map((component) => ({
    ...component,
    dependencyRefs: component.dependencyRefs?.filter((other) => present.has(other) && other !== component.name) ?? [],
  }));
  try {
    deploymentOrder(known);
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError) || deployer === "flux" || deployer === "helmfile") throw error;
    return [`${error.message}; they are installed in the order of the recipe`];
  }
}
