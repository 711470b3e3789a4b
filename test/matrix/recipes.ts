import { join } from "node:path";
import { compactJson, type TreeMap } from "@slipway/base";
import {
  loadCatalog,
  openDataDirectory,
  recipeTree,
  resolve,
  type Catalog,
  type Criteria,
  type Recipe,
} from "@slipway/recipe";
import { nodeFiles } from "@slipway/terminal";

const ANY = undefined;

/** Every value that a criterion may have, and that it may be open. */
const AXES = {
  service: [ANY, "aks", "eks", "gke", "kind", "oke", "self-managed"],
  accelerator: [ANY, "a100", "b200", "gb200", "h100", "h200", "l40", "l40s", "rtx-pro-6000"],
  intent: [ANY, "inference", "training"],
  os: [ANY, "amazonlinux", "cos", "rhel", "talos", "ubuntu"],
  platform: [ANY, "dynamo", "kubeflow", "nim"],
} as const;

/** Every combination of criteria. */
export function combinations(): readonly Criteria[] {
  return AXES.service.flatMap((service) =>
    AXES.accelerator.flatMap((accelerator) =>
      AXES.intent.flatMap((intent) =>
        AXES.os.flatMap((os) => AXES.platform.map((platform) => ({ service, accelerator, intent, os, platform }))),
      ),
    ),
  );
}

/** Our own catalog, with every file read and parsed once only. */
export async function ownCatalog(): Promise<Catalog> {
  const directory = join(import.meta.dirname, "../../catalog");
  const catalog = await loadCatalog([await openDataDirectory(nodeFiles({ cwd: directory }), ".")]);
  return {
    ...catalog,
    values: once(async (path) => catalog.values(path)),
    text: once(async (path) => catalog.text(path)),
  };
}

/** The recipes of all combinations that differ in more than their criteria and the names of their overlays. */
export function distinctRecipes(catalog: Catalog): readonly Recipe[] {
  const recipes = combinations().map((criteria) => resolve(catalog, criteria, { version: "test" }).recipe);
  return [...new Map(recipes.map((recipe) => [compactJson(contentOf(recipe)), recipe])).values()];
}

function contentOf(recipe: Recipe): TreeMap {
  const { metadata: _metadata, criteria: _criteria, ...content } = recipeTree(recipe);
  return content;
}

function once<Result>(read: (path: string) => Promise<Result>): (path: string) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  return async (path) => {
    const result = known.get(path) ?? read(path);
    known.set(path, result);
    return await result;
  };
}
