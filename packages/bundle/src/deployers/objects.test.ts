import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isTreeMap, own, parseYaml, parseYamlDocuments, type Tree, type TreeMap } from "@slipway/base";
import { fakeRecipe } from "@slipway/recipe/testing";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { makeBundle } from "../bundle.ts";
import type { BundleFile } from "../model.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, contentOf, sampleCatalog, sampleOptions } from "../testing/sample.ts";

const TEXT = { type: "string", minLength: 1 };
const SOURCE = fields(["repoURL", "targetRevision"], {
  path: TEXT,
  chart: TEXT,
  ref: TEXT,
  helm: fields(["releaseName"], { valueFiles: {}, valuesObject: {} }),
  directory: fields(["recurse", "include"]),
});

/** What we write of each kind: these fields, those of `some` perhaps, and no others. */
const OWN_SCHEMAS: Readonly<Record<string, object>> = {
  Application: fields(["apiVersion", "kind", "metadata"], {
    spec: fields(["project", "destination", "syncPolicy"], {
      source: SOURCE,
      sources: { type: "array", items: SOURCE },
    }),
  }),
  HelmRelease: fields(["apiVersion", "kind", "metadata"], {
    spec: fields(["interval", "timeout", "releaseName", "chart", "install", "upgrade", "valuesFrom"], {
      targetNamespace: TEXT,
      storageNamespace: TEXT,
      dependsOn: { type: "array", items: fields(["name"]) },
    }),
  }),
  HelmRepository: fields(["apiVersion", "kind", "metadata"], { spec: fields(["interval", "url"], { type: TEXT }) }),
  GitRepository: fields(["apiVersion", "kind", "metadata"], { spec: fields(["interval", "url", "ref"]) }),
  OCIRepository: fields(["apiVersion", "kind", "metadata"], { spec: fields(["interval", "url", "ref"]) }),
};

/** The definitions of Argo CD and Flux, where a checkout has them beside it. */
const DEFINITIONS = {
  folder: join(import.meta.dirname, "../../../../../shared/reference/crds"),
  Application: "argoproj.io_applications.yaml",
  HelmRelease: "helm.toolkit.fluxcd.io_helmreleases.yaml",
};

function fields(needed: readonly string[], some: Readonly<Record<string, object>> = {}): object {
  const properties = { ...Object.fromEntries(needed.map((name) => [name, {}])), ...some };
  return { type: "object", additionalProperties: false, required: needed, properties };
}

/** The schema of the stored version of a definition; nothing when the file is not there. */
function definitionOf(file: string): TreeMap | undefined {
  const path = join(DEFINITIONS.folder, file);
  if (!existsSync(path)) return undefined;
  const versions = at(parseYaml(readFileSync(path, "utf8")), "spec", "versions");
  const stored = Array.isArray(versions)
    ? versions.find((version: Tree) => at(version, "storage") === true)
    : undefined;
  const schema = at(stored, "schema", "openAPIV3Schema");
  return isTreeMap(schema) ? schema : undefined;
}

function at(tree: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>((value, key) => (isTreeMap(value) ? own(value, key) : undefined), tree);
}

function objectsOf(files: readonly BundleFile[]): readonly TreeMap[] {
  return files
    .filter(({ path }) => path.endsWith(".yaml") && !/(^|\/)(values|kustomization|recipe|helmfile)\.yaml$/.test(path))
    .flatMap(({ path }) => parseYamlDocuments(contentOf(files, path), path))
    .filter(isTreeMap);
}

async function allObjects(): Promise<readonly TreeMap[]> {
  const edges = fakeRecipe([
    { name: "plain", source: "https://x.example.com" },
    { name: "kai-scheduler", source: "oci://x.example.com/y", namespace: "n", version: "1", dependencyRefs: ["plain"] },
    { name: "k", type: "Kustomize", source: "https://x.example.com/r" },
  ]);
  const bundles = await Promise.all(
    (["argocd", "flux"] as const).flatMap((deployer) => [
      makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions({ deployer })),
      makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions({ deployer, repo: "oci://x.example.com/y" })),
      makeBundle(edges, sampleCatalog([]), sampleOptions({ deployer, repo: "https://git.example.com/a.git" })),
    ]),
  );
  return bundles.flatMap(({ files }) => objectsOf(files));
}

test("every object has what each object of Kubernetes needs, and its name once in its kind", async () => {
  const objects = await allObjects();
  expect(objects.length).toBeGreaterThan(30);
  for (const object of objects) {
    expect(at(object, "apiVersion")).toMatch(/^[a-z0-9./]+$/);
    expect(at(object, "kind")).toMatch(/^[A-Z]/);
    expect(at(object, "metadata", "name")).toMatch(/^[a-z0-9.-]+$/);
  }
});

test.each(Object.keys(OWN_SCHEMAS))("every %s has the fields that we write, and no others", async (kind) => {
  const check = new Ajv({ strict: false }).compile(OWN_SCHEMAS[kind] ?? {});
  const objects = (await allObjects()).filter((object) => at(object, "kind") === kind);
  expect(objects).not.toEqual([]);
  for (const object of objects) expect([check(object), check.errors]).toEqual([true, null]);
});

test.each(["Application", "HelmRelease"] as const)("every %s meets its definition", async (kind) => {
  const definition = definitionOf(DEFINITIONS[kind]) ?? OWN_SCHEMAS[kind] ?? {};
  const check = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(closed(definition));
  const objects = (await allObjects()).filter((object) => at(object, "kind") === kind);
  expect(objects.length).toBeGreaterThan(3);
  for (const object of objects) expect([check(object), check.errors]).toEqual([true, null]);
});

/** An API server drops fields that a definition does not know; here they are an error. */
function closed(schema: object): object {
  const entries = Object.entries(schema).map(([key, value]: [string, unknown]): [string, unknown] => [
    key,
    typeof value === "object" && value !== null && !Array.isArray(value) ? closed(value) : value,
  ]);
  const copy: Record<string, unknown> = Object.fromEntries(entries);
  const isObject = copy["type"] === "object" && typeof copy["properties"] === "object";
  return isObject && !("additionalProperties" in copy) ? { ...copy, additionalProperties: false } : copy;
}
