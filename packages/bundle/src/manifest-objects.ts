import { SlipwayError, isTreeList, isTreeMap, own, parseYamlDocuments, type Tree, type TreeMap } from "@slipway/base";

/** What can be said of an object of a manifest. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
}

/** A rendered manifest, read. */
export interface ManifestContent {
  /** Every document that is not empty. */
  readonly documents: readonly Tree[];
  /** The objects in there; those of a list one by one. */
  readonly objects: readonly ManifestObject[];
  /** What is no object of Kubernetes, and why. */
  readonly faults: readonly string[];
}

/**
 * Reads a rendered manifest.
 *
 * @param component name of the component that it is of, for errors
 * @param file path of the manifest in the catalog, for errors; lines count in what was rendered
 * @throws SlipwayError INVALID_INPUT with line and column for what is no YAML; TOO_LARGE as `parseYamlDocuments` has it
 */
export function readManifest(manifest: string, component: string, file: string): ManifestContent {
  const documents = documentsOf(manifest, component, file);
  const found = documents.map((document, index) => objectsIn(document, `document ${index + 1}`));
  return {
    documents: documents.filter((document) => document !== null),
    objects: found.flatMap(({ objects }) => objects),
    faults: found.flatMap(({ faults }) => faults),
  };
}

function documentsOf(manifest: string, component: string, file: string): readonly Tree[] {
  try {
    return parseYamlDocuments(manifest, file);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw new SlipwayError(error.code, `a manifest of component "${component}" cannot be read: ${error.message}`, {
      place: error.place,
      hint: "Lines count in the rendered text: look at the template, and at the values that it is given.",
      cause: error,
    });
  }
}

type Found = Pick<ManifestContent, "objects" | "faults">;

function objectsIn(document: Tree, where: string): Found {
  if (document === null) return { objects: [], faults: [] };
  if (!isTreeMap(document)) return { objects: [], faults: [`${where} is no map`] };
  const [apiVersion, kind] = [textAt(document, "apiVersion"), textAt(document, "kind")];
  if (apiVersion === undefined) return { objects: [], faults: [`${where} has no apiVersion`] };
  if (kind === undefined) return { objects: [], faults: [`${where} has no kind`] };
  const items = own(document, "items");
  if (kind.endsWith("List") && isTreeList(items)) return objectsOfList(items, where);
  const metadata = own(document, "metadata") ?? null;
  const object = { apiVersion, kind, namespace: isTreeMap(metadata) ? textAt(metadata, "namespace") : undefined };
  const isNamed = isTreeMap(metadata) && ["name", "generateName"].some((key) => textAt(metadata, key) !== undefined);
  return { objects: [object], faults: isNamed ? [] : [`${where} (${kind}) has no metadata.name`] };
}

function objectsOfList(items: readonly Tree[], where: string): Found {
  const found = items.map((item, index) => objectsIn(item, `${where}, items[${index}]`));
  return { objects: found.flatMap(({ objects }) => objects), faults: found.flatMap(({ faults }) => faults) };
}

/** A text that is not empty. */
function textAt(map: TreeMap, key: string): string | undefined {
  const value = own(map, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether a text holds more than comments, blank lines and separators of documents. */
export function holdsObjects(manifest: string): boolean {
  for (const line of linesOf(manifest, 0)) if (!isBlank(line) && line.trim() !== "---") return true;
  return false;
}

function isBlank(line: string): boolean {
  const text = line.trimStart();
  return text === "" || text.startsWith("#");
}

/** The lines from a position on, cut only as far as they are read. */
function* linesOf(text: string, from: number): Generator<string> {
  for (let start = from; start < text.length;) {
    const end = text.indexOf("\n", start);
    yield end < 0 ? text.slice(start) : text.slice(start, end);
    if (end < 0) return;
    start = end + 1;
  }
}

/** API groups under k8s.io that every cluster serves; others, such as gateway.networking.k8s.io, come with definitions. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(
  [
    "admissionregistration",
    "apiextensions",
    "apiregistration",
    "authentication",
    "authorization",
    "certificates",
    "coordination",
    "discovery",
    "events",
    "flowcontrol.apiserver",
    "networking",
    "node",
    "rbac.authorization",
    "resource",
    "scheduling",
    "storage",
  ].map((group) => `${group}.k8s.io`),
);

/** Whether every cluster has the kinds of an API version: `v1`, `apps/v1`, `rbac.authorization.k8s.io/v1`. */
export function isBuiltIn(apiVersion: string): boolean {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined || !group.includes(".") || BUILT_IN_GROUPS.has(group);
}
