import { compareBytes } from "@slipway/base";
import type { ComponentRef, Constraint, Overlay, Validation } from "./model.ts";

/** What overlays say together. */
export interface MergedOverlays {
  readonly constraints: readonly Constraint[];
  readonly components: readonly ComponentRef[];
  readonly validation: Validation;
}

/**
 * Merges overlays, each over those before it (release 0.11.1 of aicr): constraints by name, the later replaces the
 * whole entry; components by name, field by field ({@link mergeComponent}); validation by phase, the later replaces the
 * whole phase.
 *
 * @param overlays the base first
 * @returns constraints and components by name in byte order; those of the base alone in their own order
 */
export function mergeOverlays(overlays: readonly Overlay[]): MergedOverlays {
  const constraints = new Map<string, Constraint>();
  const components = new Map<string, ComponentRef>();
  for (const overlay of overlays) {
    for (const constraint of overlay.constraints) constraints.set(constraint.name, constraint);
    for (const component of overlay.components) {
      const present = components.get(component.name);
      components.set(component.name, present === undefined ? component : mergeComponent(present, component));
    }
  }
  const alone = overlays.length <= 1;
  return {
    constraints: alone ? [...constraints.values()] : byName(constraints),
    components: alone ? [...components.values()] : byName(components),
    validation: overlays.reduce<Validation>((merged, { validation }) => ({ ...merged, ...validation }), {}),
  };
}

/**
 * Lays one component over another of the same name. Texts and lists that are given replace, manifest files are added
 * without repeats, `overrides` merge at the top level only, and `cleanup` only turns on.
 */
export function mergeComponent(under: ComponentRef, over: ComponentRef): ComponentRef {
  return {
    name: under.name,
    ...mergeTexts(under, over),
    overrides: over.overrides === undefined ? under.overrides : { ...under.overrides, ...over.overrides },
    patches: over.patches ?? under.patches,
    dependencyRefs: over.dependencyRefs ?? under.dependencyRefs,
    manifestFiles: union(under.manifestFiles, over.manifestFiles),
    cleanup: over.cleanup === true || under.cleanup,
    expectedResources: over.expectedResources ?? under.expectedResources,
  };
}

function mergeTexts(under: ComponentRef, over: ComponentRef): Omit<ComponentRef, "name"> {
  return {
    namespace: over.namespace ?? under.namespace,
    chart: over.chart ?? under.chart,
    type: over.type ?? under.type,
    source: over.source ?? under.source,
    version: over.version ?? under.version,
    tag: over.tag ?? under.tag,
    valuesFile: over.valuesFile ?? under.valuesFile,
    path: over.path ?? under.path,
    healthCheckAsserts: over.healthCheckAsserts ?? under.healthCheckAsserts,
  };
}

function union(
  under: readonly string[] | undefined,
  over: readonly string[] | undefined,
): readonly string[] | undefined {
  if (over === undefined) return under;
  return [...new Set([...(under ?? []), ...over])];
}

function byName<Named extends { readonly name: string }>(named: ReadonlyMap<string, Named>): readonly Named[] {
  return [...named.values()].sort((left, right) => compareBytes(left.name, right.name));
}
