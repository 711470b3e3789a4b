import { isTreeMap, own, parseYamlDocuments, type Tree, type TreeMap } from "@slipway/base";
import { makeBundle, type BundleFile } from "@slipway/bundle";
import type { Catalog, Recipe } from "@slipway/recipe";
import type { CommandDeps } from "../deps.ts";

/** The Kubernetes objects in the bundle of a recipe: its manifests, not what charts make of their values. */
export async function bundleObjects(deps: CommandDeps, recipe: Recipe, catalog: Catalog): Promise<readonly TreeMap[]> {
  if (recipe.components.length === 0) return [];
  const options = { deployer: "helm", overrides: [], scheduling: {}, version: deps.build.version } as const;
  const { files } = await makeBundle(recipe, catalog, options, deps.io.signal);
  return files.filter(({ path }) => /\/manifests\/.*\.ya?ml$/.test(path)).flatMap(objectsOf);
}

function objectsOf({ path, content }: BundleFile): readonly TreeMap[] {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  return parseYamlDocuments(text, path).filter(isObject);
}

function isObject(value: Tree): value is TreeMap {
  return isTreeMap(value) && typeof own(value, "kind") === "string" && typeof own(value, "apiVersion") === "string";
}
