import {
  SlipwayError,
  isForbiddenKey,
  isTreeList,
  isTreeMap,
  own,
  parseYamlDocuments,
  type Tree,
  type TreeMap,
} from "@slipway/base";
import { bytesOf, checkBundlePath } from "../bundle-path.ts";
import { CHECKSUMS_FILE, sha256Of } from "../checksums.ts";
import type { BundleFile } from "../model.ts";
import type { Change, ChangeGroup, ChangeKind, Difference } from "./change.ts";
import { diffDocuments } from "./document-diff.ts";

type Files = ReadonlyMap<string, BundleFile>;

/**
 * What is different between two bundles, by component (a folder at the top) and path. YAML and JSON files are compared
 * by what they say, Kubernetes objects by kind, namespace and name; other files by their bytes. checksums.txt follows
 * from the others and is not compared.
 *
 * @throws SlipwayError INVALID_INPUT for a path that may not be part of a bundle
 */
export function diffBundles(left: readonly BundleFile[], right: readonly BundleFile[]): Difference {
  const [before, after] = [comparable(left), comparable(right)];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const names = new Set([...componentNames(before, paths), ...componentNames(after, paths)]);
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = names.has(topOf(path)) ? topOf(path) : "";
    const inFolder = folders.get(folder) ?? [];
    folders.set(folder, inFolder);
    inFolder.push(path);
  }
  return {
    kind: "BundleDifference",
    groups: [...folders].flatMap(([folder, inFolder]) => folderGroup(folder, inFolder, before, after)),
  };
}

/** The components that recipe.yaml names; without a recipe, every folder at the top is taken for one. */
function componentNames(files: Files, paths: readonly string[]): readonly string[] {
  const recipe = files.get("recipe.yaml");
  const [document = null] = recipe === undefined ? [] : (documentsOf(recipe) ?? []);
  const components = isTreeMap(document) ? own(document, "componentRefs") : undefined;
  if (!isTreeList(components)) return paths.filter((path) => path.includes("/")).map(topOf);
  return components.flatMap((component) => {
    const name = isTreeMap(component) ? own(component, "name") : undefined;
    return typeof name === "string" ? [name] : [];
  });
}

function topOf(path: string): string {
  return path.includes("/") ? (path.split("/", 1)[0] ?? "") : "";
}

/**
 * A bundle as one document, for a JSON Patch: path to what a YAML or JSON file says (a list when it has several
 * documents), to the text of another file, or to `sha256:…` where it is no text.
 */
export async function bundleDocument(files: readonly BundleFile[]): Promise<TreeMap> {
  const entries: [string, Tree][] = [];
  for (const [path, file] of comparable(files)) {
    if (isForbiddenKey(path)) throw new SlipwayError("INVALID_INPUT", `a file named "${path}" cannot be compared`);
    const documents = documentsOf(file);
    const [only = null] = documents ?? [];
    if (documents !== undefined) entries.push([path, documents.length > 1 ? documents : only]);
    else
      entries.push([path, typeof file.content === "string" ? file.content : `sha256:${await sha256Of(file.content)}`]);
  }
  return Object.fromEntries(entries);
}

function comparable(files: readonly BundleFile[]): Files {
  for (const { path } of files) checkBundlePath(path);
  const compared = files.filter(({ path }) => path.split("/").at(-1) !== CHECKSUMS_FILE);
  return new Map(compared.map((file) => [file.path, file]));
}

function folderGroup(folder: string, paths: readonly string[], before: Files, after: Files): readonly ChangeGroup[] {
  const changes = paths.flatMap((path) => {
    const file = folder === "" ? path : path.slice(folder.length + 1);
    return fileChanges(file, before.get(path), after.get(path));
  });
  if (changes.length === 0) return [];
  if (folder === "") return [{ subject: "files", change: "changed", changes }];
  const change = folderChange(paths, before, after);
  const summary = change === "changed" ? undefined : `with ${paths.length} file${paths.length === 1 ? "" : "s"}`;
  return [{ subject: "component", name: folder, change, summary, changes }];
}

function folderChange(paths: readonly string[], before: Files, after: Files): ChangeKind {
  if (!paths.some((path) => before.has(path))) return "added";
  return paths.some((path) => after.has(path)) ? "changed" : "removed";
}

function fileChanges(file: string, left: BundleFile | undefined, right: BundleFile | undefined): readonly Change[] {
  if (left === undefined || right === undefined)
    return [{ change: left === undefined ? "added" : "removed", file, path: [] }];
  const mode = diffDocuments(left.executable, right.executable);
  const modeChanges = mode.map((change) => ({ ...change, file, path: ["executable"] }));
  if (sameBytes(left, right)) return modeChanges;
  const [before, after] = [documentsOf(left), documentsOf(right)];
  if (before === undefined || after === undefined) return [{ change: "changed", file, path: [] }, ...modeChanges];
  const changes = diffDocuments(...byIdentity(before, after)).map((change) => ({ ...change, file }));
  return [...changes, ...modeChanges];
}

function sameBytes(left: BundleFile, right: BundleFile): boolean {
  if (typeof left.content === "string" && typeof right.content === "string") return left.content === right.content;
  const [before, after] = [bytesOf(left), bytesOf(right)];
  return before.length === after.length && before.every((byte, index) => byte === after[index]);
}

/** The documents of a YAML or JSON file without empty ones; nothing for another file or one that cannot be read. */
function documentsOf({ path, content }: BundleFile): readonly Tree[] | undefined {
  if (typeof content !== "string" || !/\.(ya?ml|json)$/i.test(path)) return undefined;
  try {
    return parseYamlDocuments(content, path).filter((document) => document !== null);
  } catch {
    return undefined;
  }
}

/** One document stands for itself; several by kind, namespace and name when that tells them apart, else by position. */
function byIdentity(left: readonly Tree[], right: readonly Tree[]): [Tree | undefined, Tree | undefined] {
  if (left.length <= 1 && right.length <= 1) return [left[0], right[0]];
  const [before, after] = [identified(left), identified(right)];
  return before === undefined || after === undefined ? [left, right] : [before, after];
}

function identified(documents: readonly Tree[]): TreeMap | undefined {
  const entries = documents.map((document) => [identityOf(document), document] as const);
  const names = new Set(entries.map(([name]) => name));
  return names.has(undefined) || names.size < documents.length
    ? undefined
    : Object.fromEntries(entries.map(([name, document]) => [name ?? "", document]));
}

function identityOf(document: Tree): string | undefined {
  if (!isTreeMap(document)) return undefined;
  const metadata = own(document, "metadata");
  const kind = own(document, "kind");
  if (!isTreeMap(metadata) || typeof kind !== "string") return undefined;
  const [namespace, name] = [own(metadata, "namespace"), own(metadata, "name")];
  if (typeof name !== "string") return undefined;
  return typeof namespace === "string" ? `${kind}/${namespace}/${name}` : `${kind}/${name}`;
}
