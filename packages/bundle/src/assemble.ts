import { SlipwayError, group, type TreeMap } from "@slipway/base";
import {
  applyOverrides,
  componentValues,
  overridesFor,
  type Catalog,
  type ComponentRef,
  type Registry,
} from "@slipway/recipe";
import { installationOf } from "./installation.ts";
import { renderManifests } from "./manifests.ts";
import type { BundleComponent, BundleOptions } from "./model.ts";
import { applyScheduling } from "./scheduling.ts";

/** A component that is ready for a deployer. */
export interface Assembled {
  readonly component: BundleComponent;
  readonly warnings: readonly string[];
}

const AT_ONCE = 8;

/** Assembles components at once, in the order given; the first error cancels the others. Errors as the parts have them. */
export async function assembleComponents(
  components: readonly ComponentRef[],
  catalog: Catalog,
  options: BundleOptions,
  signal?: AbortSignal,
): Promise<readonly Assembled[]> {
  const present = new Set(components.map(({ name }) => name));
  const tasks = components.map(
    (component) => (stop: AbortSignal) => assemble(component, present, catalog, options, stop),
  );
  return await group(AT_ONCE, tasks, signal);
}

async function assemble(
  ref: ComponentRef,
  present: ReadonlySet<string>,
  catalog: Catalog,
  options: BundleOptions,
  signal: AbortSignal,
): Promise<Assembled> {
  signal.throwIfAborted();
  const installation = installationOf(ref, options.vendored?.get(ref.name));
  const { values, warnings } = await bundleValues(ref, catalog, options);
  const rendered = await renderManifests(catalog, ref, values, signal);
  const dependencies = [...new Set(ref.dependencyRefs)].filter((name) => present.has(name) && name !== ref.name);
  return {
    component: {
      name: ref.name,
      ref,
      namespace: ref.namespace,
      installation,
      values,
      manifests: rendered.manifests,
      dependencies,
    },
    warnings: [...warnings, ...rendered.warnings],
  };
}

/**
 * The values that a component is installed with: those of the recipe, then overrides, then scheduling. Values that cannot
 * be read are empty, with a warning (release 0.11.1 of aicr).
 */
async function bundleValues(
  ref: ComponentRef,
  catalog: Catalog,
  options: BundleOptions,
): Promise<{ readonly values: TreeMap; readonly warnings: readonly string[] }> {
  const read = await readableValues(ref, catalog);
  const own = overridesFor(ref.name, catalog.registry, options.overrides);
  const overridden = applyOverrides(read.values, own.overrides);
  return {
    values: scheduled(overridden.values, ref.name, catalog.registry, options),
    warnings: [...read.warnings, ...own.warnings, ...overridden.warnings],
  };
}

function scheduled(values: TreeMap, name: string, registry: Registry, options: BundleOptions): TreeMap {
  const entry = registry.find((component) => component.name === name);
  return entry === undefined ? values : applyScheduling(values, entry, options.scheduling);
}

async function readableValues(
  ref: ComponentRef,
  catalog: Catalog,
): Promise<{ readonly values: TreeMap; readonly warnings: readonly string[] }> {
  try {
    return { values: await componentValues(catalog, ref), warnings: [] };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const reason = error.describe().replace("\n", ". ");
    return { values: {}, warnings: [`${ref.name}: installed without values of its own, because: ${reason}`] };
  }
}
