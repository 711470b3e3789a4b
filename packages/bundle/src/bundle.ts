import { compareBytes, writeYaml } from "@slipway/base";
import { recipeTree, unknownOverrideKeys, type Catalog, type Recipe } from "@slipway/recipe";
import { assembleComponents } from "./assemble.ts";
import { checkPaths } from "./bundle-path.ts";
import { bundleSource } from "./bundle-source.ts";
import { chartWarnings, componentWarnings, cycleWarnings, dependencyWarnings } from "./component-checks.ts";
import { CHECKSUMS_FILE, checksumsOf } from "./checksums.ts";
import { argocdDeployment } from "./deployers/argocd/index.ts";
import { fluxDeployment } from "./deployers/flux/index.ts";
import { helmDeployment } from "./deployers/helm/index.ts";
import { helmfileDeployment } from "./deployers/helmfile/index.ts";
import {
  textFile,
  type Bundle,
  type BundleFile,
  type BundleOptions,
  type BundlePlan,
  type Deployer,
  type Deployment,
} from "./model.ts";
import { registryWarnings } from "./registry-checks.ts";
import { selectComponents } from "./select-components.ts";

const DEPLOYMENTS: Readonly<Record<Deployer, (plan: BundlePlan) => Deployment>> = {
  helm: helmDeployment,
  argocd: argocdDeployment,
  flux: fluxDeployment,
  helmfile: helmfileDeployment,
};

/**
 * Makes the files that install a recipe. The same arguments give the same bytes; nothing is read but the catalog, and
 * neither the recipe nor the catalog is changed.
 *
 * @throws SlipwayError USAGE for an address or a revision that cannot be one; INVALID_INPUT for a recipe without components, a component name or command text that is not safe, a
 *   check of the registry with severity `error`, dependencies in a cycle where Flux or Helmfile would not start, or two files of one path; NOT_FOUND and INVALID_TEMPLATE for manifests
 */
export async function makeBundle(
  recipe: Recipe,
  catalog: Catalog,
  options: BundleOptions,
  signal?: AbortSignal,
): Promise<Bundle> {
  const source = bundleSource(options);
  const selected = selectComponents(recipe, catalog.registry, options.overrides);
  const names = selected.components.map(({ name }) => name);
  const checked = registryWarnings(catalog.registry, names, recipe.criteria, options.scheduling);
  const cycles = cycleWarnings(selected.components, options.deployer);
  const assembled = await assembleComponents(selected.components, catalog, options, signal);
  const components = assembled.map(({ component }) => component);
  const deployment = DEPLOYMENTS[options.deployer]({ recipe: selected.recipe, components, options, source });
  return {
    files: await withChecksums([
      ...deployment.files,
      textFile("recipe.yaml", writeYaml(recipeTree(selected.recipe))),
      ...(options.extraFiles ?? []),
    ]),
    notes: deployment.notes,
    warnings: [
      ...unknownOverrideKeys(recipe.components, catalog.registry, options.overrides),
      ...selected.warnings,
      ...checked,
      ...selected.components.flatMap(componentWarnings),
      ...components.flatMap(chartWarnings),
      ...dependencyWarnings(selected.components, new Set(recipe.components.map(({ name }) => name))),
      ...cycles,
      ...assembled.flatMap(({ warnings }) => warnings),
      ...deployment.warnings,
    ],
    components: names,
    recipe: selected.recipe,
  };
}

async function withChecksums(files: readonly BundleFile[]): Promise<readonly BundleFile[]> {
  checkPaths([...files, { path: CHECKSUMS_FILE }]);
  const all = [...files, textFile(CHECKSUMS_FILE, await checksumsOf(files))];
  return all.sort((left, right) => compareBytes(left.path, right.path));
}
