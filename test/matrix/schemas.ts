import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isTreeMap, listAt, mapAt, parseYaml, textAt, type Tree, type TreeMap } from "@slipway/base";
import { Ajv, type ValidateFunction } from "ajv";

/** Finds what is wrong with an object; nothing when there is no schema for its kind. */
export type ObjectCheck = (object: TreeMap) => readonly string[];

const NAME = { type: "string", pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 253 };
const DURATION = { type: "string", pattern: "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$" };
const NAMED = { type: "array", items: object({ name: NAME, namespace: NAME }, ["name"]) };
const SOURCE_REF = object({ kind: { enum: ["GitRepository", "HelmRepository", "OCIRepository"] }, name: NAME }, [
  "kind",
  "name",
]);

/**
 * What we write of Argo CD and Flux, for places without their definitions: fewer fields than they have, each as strict.
 * Sources: argoproj.io/v1alpha1, source.toolkit.fluxcd.io/v1, helm.toolkit.fluxcd.io/v2, kustomize.toolkit.fluxcd.io/v1.
 */
const OWN: Readonly<Record<string, object>> = {
  "argoproj.io/v1alpha1 Application": object(
    {
      project: { type: "string" },
      source: { type: "object", required: ["repoURL"] },
      sources: { type: "array", minItems: 1, items: { type: "object", required: ["repoURL"] } },
      destination: object({ server: { type: "string" }, namespace: NAME }, ["server"]),
      syncPolicy: { type: "object" },
    },
    ["project", "destination"],
  ),
  "source.toolkit.fluxcd.io/v1 GitRepository": object(
    {
      interval: DURATION,
      url: { type: "string", pattern: "^(http|https|ssh)://.*$" },
      ref: object({ branch: { type: "string" }, tag: { type: "string" } }, []),
    },
    ["interval", "url"],
  ),
  "source.toolkit.fluxcd.io/v1 HelmRepository": object(
    {
      interval: DURATION,
      url: { type: "string", pattern: "^(http|https|oci)://.*$" },
      type: { enum: ["default", "oci"] },
    },
    ["url"],
  ),
  "source.toolkit.fluxcd.io/v1 OCIRepository": object(
    {
      interval: DURATION,
      url: { type: "string", pattern: "^oci://.*$" },
      ref: object({ tag: { type: "string" }, semver: { type: "string" }, digest: { type: "string" } }, []),
      layerSelector: object({ mediaType: { type: "string" }, operation: { enum: ["extract", "copy"] } }, []),
    },
    ["interval", "url"],
  ),
  "kustomize.toolkit.fluxcd.io/v1 Kustomization": object(
    {
      interval: DURATION,
      retryInterval: DURATION,
      timeout: DURATION,
      prune: { type: "boolean" },
      wait: { type: "boolean" },
      force: { type: "boolean" },
      path: { type: "string" },
      targetNamespace: NAME,
      sourceRef: SOURCE_REF,
      dependsOn: NAMED,
    },
    ["interval", "prune", "sourceRef"],
  ),
  "helm.toolkit.fluxcd.io/v2 HelmRelease": object(
    {
      interval: DURATION,
      timeout: DURATION,
      releaseName: { type: "string", minLength: 1, maxLength: 53 },
      targetNamespace: { ...NAME, maxLength: 63 },
      storageNamespace: { ...NAME, maxLength: 63 },
      chart: object({ spec: { type: "object", required: ["chart", "sourceRef"] } }, ["spec"]),
      chartRef: object({ kind: { enum: ["OCIRepository", "HelmChart"] }, name: NAME }, ["kind", "name"]),
      dependsOn: NAMED,
      install: { type: "object" },
      upgrade: { type: "object" },
      valuesFrom: {
        type: "array",
        items: object({ kind: { enum: ["ConfigMap", "Secret"] }, name: NAME }, ["kind", "name"]),
      },
    },
    ["interval"],
  ),
};

function object(properties: object, required: readonly string[]): object {
  return { type: "object", properties, required, additionalProperties: false };
}

/**
 * The checks of objects against our own schemas and, where a folder with CustomResourceDefinitions is there, against
 * those. A field that a definition does not know is a fault, although an API server would drop it silently.
 */
export async function objectCheck(folder: string): Promise<ObjectCheck> {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true });
  for (const format of ["int32", "int64", "byte", "date-time", "duration"]) ajv.addFormat(format, true);
  const definitions = await definitionsIn(folder);
  const compiled = new Map<string, readonly ValidateFunction[]>();
  return (object) => {
    const kind = `${textAt(object, "apiVersion")} ${textAt(object, "kind")}`;
    // Compiling takes long, and few of the definitions are met.
    const checks = compiled.get(kind) ?? schemasOf(kind, definitions).map((schema) => ajv.compile(schema));
    compiled.set(kind, checks);
    return checks.flatMap((check) => {
      if (check(object)) return [];
      return (check.errors ?? []).map(
        (error) => `${kind}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
      );
    });
  };
}

/** The schemas of a `group/version Kind`. */
function schemasOf(kind: string, definitions: readonly TreeMap[]): readonly object[] {
  const spec = OWN[kind];
  const own = spec === undefined ? [] : [{ properties: { spec }, required: ["spec"] }];
  const defined = definitions.flatMap((definition) =>
    listAt(definition, "spec", "versions")
      .filter((version) => kind === kindOf(definition, version))
      .map((version) => closed(mapAt(version, "schema", "openAPIV3Schema"))),
  );
  return [...own, ...defined];
}

function kindOf(definition: TreeMap, version: Tree): string {
  const group = textAt(definition, "spec", "group");
  return `${group}/${textAt(version, "name")} ${textAt(definition, "spec", "names", "kind")}`;
}

/** The definitions in a folder; none where there is no such folder. */
async function definitionsIn(folder: string): Promise<readonly TreeMap[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".yaml"));
  const documents = await Promise.all(
    files.map(async (name) => parseYaml(await readFile(join(folder, name), "utf8"), name)),
  );
  return documents.filter(isTreeMap).filter((document) => document["kind"] === "CustomResourceDefinition");
}

/** A schema whose maps allow only the keys that it names, but for those that say that they allow more. */
function closed(schema: TreeMap): TreeMap {
  const properties = Object.entries(mapAt(schema, "properties"));
  const open =
    schema["x-kubernetes-preserve-unknown-fields"] === true || schema["x-kubernetes-embedded-resource"] === true;
  const isClosed = properties.length > 0 && schema["additionalProperties"] === undefined && !open;
  return {
    ...schema,
    ...(isClosed ? { additionalProperties: false } : {}),
    ...(properties.length === 0
      ? {}
      : { properties: Object.fromEntries(properties.map(([name, child]) => [name, closedTree(child)])) }),
    ...(schema["items"] === undefined ? {} : { items: closedTree(schema["items"]) }),
    ...(isTreeMap(schema["additionalProperties"])
      ? { additionalProperties: closed(schema["additionalProperties"]) }
      : {}),
  };
}

function closedTree(schema: Tree): Tree {
  return isTreeMap(schema) ? closed(schema) : schema;
}
