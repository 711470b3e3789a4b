import { isTreeMap, listAt, messageOf, textAt, valueAt, type Tree, type TreeMap } from "@slipway/base";
import type { Bundle, BundleFile } from "@slipway/bundle";
import { parseAllDocuments } from "yaml";
import type { ObjectCheck } from "./schemas.ts";

/** Files that hold something other than objects of Kubernetes. */
const NOT_OBJECTS = new Set(["values.yaml", "recipe.yaml", "helmfile.yaml", "Chart.yaml"]);

/** Finds what is wrong with the files of bundles. A content is looked at once, however many bundles hold it. */
export class FaultFinder {
  readonly #check: ObjectCheck;
  readonly #known = new Map<string, { readonly documents: readonly TreeMap[]; readonly faults: readonly string[] }>();

  constructor(check: ObjectCheck) {
    this.#check = check;
  }

  /** A line for each fault, with its file. `repository` is the address that the bundle was made for. */
  faultsOf({ files }: Pick<Bundle, "files">, repository: string): readonly string[] {
    const texts = files.filter((file): file is TextFile => typeof file.content === "string");
    const paths = new Set(files.map(({ path }) => path));
    const located = texts.flatMap((file) => this.#read(file).documents.map((object) => ({ path: file.path, object })));
    const objects = located.map(({ object }) => object);
    const names = new Set(objects.map((object) => `${textAt(object, "kind")} ${textAt(object, "metadata", "name")}`));
    const own = ownSources(objects, repository);
    return [
      ...texts.flatMap((file) => this.#read(file).faults.map((fault) => `${file.path}: ${fault}`)),
      ...located.flatMap(({ path, object }) => {
        const missing = [...missingFiles(path, object, paths, own), ...missingObjects(object, names)];
        return missing.map((fault) => `${path}: ${fault}`);
      }),
    ];
  }

  #read({ path, content }: TextFile): { readonly documents: readonly TreeMap[]; readonly faults: readonly string[] } {
    const name = path.split("/").at(-1) ?? "";
    const key = `${name}\n${content}`;
    const known = this.#known.get(key) ?? this.#inspect(name, content);
    this.#known.set(key, known);
    return known;
  }

  #inspect(
    name: string,
    content: string,
  ): { readonly documents: readonly TreeMap[]; readonly faults: readonly string[] } {
    const unrendered = content.includes("<no value>") ? ["holds <no value>"] : [];
    if (!name.endsWith(".yaml")) return { documents: [], faults: unrendered };
    try {
      const documents = documentsOf(content);
      if (NOT_OBJECTS.has(name)) return { documents: [], faults: unrendered };
      const objects = documents.filter(isTreeMap);
      const strange = objects.length === documents.length ? [] : ["holds a document that is no map"];
      return {
        documents: objects,
        faults: [...unrendered, ...strange, ...objects.flatMap((object) => this.#objectFaults(object))],
      };
    } catch (error) {
      return { documents: [], faults: [`is no YAML: ${messageOf(error)}`] };
    }
  }

  #objectFaults(object: TreeMap): readonly string[] {
    const kind = textAt(object, "kind");
    const isNamed =
      textAt(object, "apiVersion").startsWith("kustomize.config.k8s.io/") || textAt(object, "metadata", "name") !== "";
    const missing = textAt(object, "apiVersion") === "" || kind === "" ? ["an object without apiVersion or kind"] : [];
    return [...missing, ...(isNamed ? [] : [`a ${kind} without a name`]), ...this.#check(object)];
  }
}

type TextFile = BundleFile & { readonly content: string };

/** Read by another library than the one that wrote them. */
function documentsOf(content: string): readonly Tree[] {
  const documents = parseAllDocuments(content, { uniqueKeys: true, logLevel: "silent" });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const value: Tree = document.toJS();
    return value === null ? [] : [value];
  });
}

/** What a Kustomization or an Argo CD application takes from the bundle and is not there. */
function missingFiles(file: string, object: TreeMap, paths: ReadonlySet<string>, own: OwnSources): readonly string[] {
  const folder = file.split("/").slice(0, -1);
  const isBuilt = textAt(object, "apiVersion").startsWith("kustomize.config.k8s.io/");
  const resources = isBuilt ? listAt(object, "resources") : [];
  const generated = listAt(object, "configMapGenerator").flatMap((generator) => listAt(generator, "files"));
  const beside = [...resources, ...generated].map((name) => [...folder, shown(name)].join("/"));
  const valueFiles = listAt(object, "spec", "sources").flatMap((source) => listAt(source, "helm", "valueFiles"));
  const wanted = [...beside, ...valueFiles.map((name) => shown(name).replace("$values/", ""))];
  const places = [
    ...listAt(object, "spec", "sources"),
    valueAt(object, "spec", "source") ?? {},
    valueAt(object, "spec") ?? {},
  ];
  const folders = places.filter((place) => own(place)).map((place) => textAt(place, "path").replace(/^\.\/?/, ""));
  return [
    ...wanted.filter((path) => !paths.has(path)).map((path) => `needs ${path}, which is not in the bundle`),
    ...folders
      .filter((path) => path !== "" && ![...paths].some((known) => known.startsWith(`${path}/`)))
      .map((path) => `needs the folder ${path}, which is not in the bundle`),
  ];
}

/** Whether a place that names a source, of Argo CD or of Flux, means the repository of the bundle. */
type OwnSources = (place: Tree) => boolean;

function ownSources(objects: readonly TreeMap[], repository: string): OwnSources {
  const names = objects
    .filter((object) => textAt(object, "kind") === "GitRepository" && textAt(object, "spec", "url") === repository)
    .map((object) => textAt(object, "metadata", "name"));
  return (place) => textAt(place, "repoURL") === repository || names.includes(textAt(place, "sourceRef", "name"));
}

/** What Flux is told to wait for, or to take from, and is not there. */
function missingObjects(object: TreeMap, names: ReadonlySet<string>): readonly string[] {
  const kind = textAt(object, "kind");
  if (!textAt(object, "apiVersion").includes(".toolkit.fluxcd.io/")) return [];
  const dependencies = listAt(object, "spec", "dependsOn").map((dependency) => `${kind} ${textAt(dependency, "name")}`);
  const spec = valueAt(object, "spec");
  const references = [
    valueAt(spec, "sourceRef"),
    valueAt(spec, "chart", "spec", "sourceRef"),
    valueAt(spec, "chartRef"),
  ];
  const sources = references
    .filter((reference) => reference !== undefined)
    .map((reference) => `${textAt(reference, "kind")} ${textAt(reference, "name")}`);
  return [...dependencies, ...sources]
    .filter((name) => !names.has(name))
    .map((name) => `refers to ${name}, which is not in the bundle`);
}

function shown(value: Tree): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
