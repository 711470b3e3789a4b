/** What can be said of an object of a manifest without parsing all of it. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
}

/**
 * The objects of a rendered manifest, found by their lines: a CRD collection of 600 KB takes a millisecond this way, where
 * parsing it takes longer than all the rest of a bundle. Objects in flow style (`{kind: …}`) are not found.
 */
export function objectsOf(manifest: string): readonly ManifestObject[] {
  return manifest.split(/^---.*$/m).flatMap((document) => {
    const apiVersion = topLevel("apiVersion", document);
    if (apiVersion === undefined) return [];
    return [{ apiVersion, kind: topLevel("kind", document) ?? "", namespace: namespaceOf(document) }];
  });
}

function topLevel(key: "apiVersion" | "kind", document: string): string | undefined {
  return new RegExp(`^${key}:[ \\t]*["']?([^\\s"'#]+)`, "m").exec(document)?.[1];
}

/** `metadata.namespace`: a line below `metadata:` that is indented as the first one there is. */
function namespaceOf(document: string): string | undefined {
  const start = /^metadata:[ \t]*(#.*)?$/m.exec(document);
  if (start === null) return undefined;
  let indent: string | undefined;
  for (const line of linesOf(document, start.index + start[0].length + 1)) {
    if (isBlank(line)) continue;
    indent ??= /^ */.exec(line)?.[0] ?? "";
    if (indent === "" || !line.startsWith(indent)) return undefined;
    if (line.startsWith(`${indent}namespace:`)) return /:\s*["']?([^\s"'#]+)/.exec(line)?.[1];
  }
  return undefined;
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
