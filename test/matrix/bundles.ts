import { join } from "node:path";
import { makeBundle, type Deployer } from "@slipway/bundle";
import { FaultFinder } from "./faults.ts";
import { distinctRecipes, ownCatalog } from "./recipes.ts";
import { objectCheck } from "./schemas.ts";

/** Definitions of Argo CD, Flux and the operators of the catalog, where somebody has put them. */
const DEFINITIONS = process.env["SLIPWAY_CRDS"] ?? join(import.meta.dirname, "../../../shared/reference/crds");

const REPOSITORY = "https://git.example.com/team/bundle.git";

let shared: ReturnType<typeof prepare> | undefined;

async function prepare() {
  const catalog = await ownCatalog();
  const check = await objectCheck(DEFINITIONS);
  return { catalog, recipes: distinctRecipes(catalog), finder: new FaultFinder(check) };
}

/** Bundles every distinct recipe of the catalog with one deployer; gives how many, and a line for each fault found. */
export async function bundleAll(
  deployer: Deployer,
): Promise<{ readonly bundles: number; readonly faults: readonly string[] }> {
  shared ??= prepare();
  const { catalog, recipes, finder } = await shared;
  const faults = new Set<string>();
  for (const recipe of recipes) {
    const bundle = await makeBundle(recipe, catalog, {
      deployer,
      overrides: [],
      scheduling: { acceleratedNodeSelector: { gpu: "true" }, workloadSelector: { job: "training" } },
      version: "test",
      repo: REPOSITORY,
    });
    for (const fault of [...finder.faultsOf(bundle, REPOSITORY), ...bundle.warnings]) faults.add(fault);
  }
  return { bundles: recipes.length, faults: [...faults] };
}
