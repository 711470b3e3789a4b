import type { ComponentRef, Registry, RegistryComponent } from "./model.ts";

/**
 * Fills what a component leaves empty from its registry entry: the type, then what that type uses. A component that the
 * registry lacks, and a type other than Helm and Kustomize, stay as they are (release 0.11.1 of aicr).
 */
export function withRegistryDefaults(components: readonly ComponentRef[], registry: Registry): readonly ComponentRef[] {
  const entries = new Map(registry.map((entry) => [entry.name, entry]));
  return components.map((component) => {
    const entry = entries.get(component.name);
    return entry === undefined ? component : fill(component, entry);
  });
}

function fill(component: ComponentRef, { helm, kustomize }: RegistryComponent): ComponentRef {
  const type = component.type ?? (kustomize.source === undefined ? "Helm" : "Kustomize");
  if (type === "Helm") {
    return {
      ...component,
      type,
      source: component.source ?? helm.repository,
      version: component.version ?? helm.version,
      namespace: component.namespace ?? helm.namespace,
      chart: component.chart ?? chartName(helm.chart),
    };
  }
  if (type !== "Kustomize") return component;
  return {
    ...component,
    type,
    source: component.source ?? kustomize.source,
    tag: component.tag ?? kustomize.tag,
    path: component.path ?? kustomize.path,
  };
}

/** `nvidia/gpu-operator` is the chart gpu-operator of the repository that a user would have added as nvidia. */
function chartName(chart: string | undefined): string | undefined {
  const name = chart?.slice(chart.lastIndexOf("/") + 1);
  return name === "" ? undefined : name;
}
