import { SlipwayError } from "@slipway/base";
import { deploymentOrder, type ComponentRef } from "@slipway/recipe";
import type { Deployer } from "./model.ts";

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
