import { SlipwayError, compareBytes, group, optionalMap, utf8Text, type Files } from "@slipway/base";
import type { DataLayer } from "./catalog.ts";
import { decodeFile } from "./decode-file.ts";
import { readOverlay } from "./overlay-file.ts";
import { readRegistry } from "./registry-file.ts";
import { unknownFieldWarnings } from "./unknown-fields.ts";

/** What a data directory may hold. The size of a file is a rule of aicr; the others keep a wrong directory from hanging us. */
export const DIRECTORY_LIMITS = { fileBytes: 10 * 1024 * 1024, files: 20_000, depth: 32 } as const;

const REGISTRY_FILE = "registry.yaml";
const READS_AT_ONCE = 16;

/**
 * Opens a directory of recipe data: its registry and every overlay are read and checked at once, values and manifests
 * when they are asked for.
 *
 * @param directory a path that `files` understands; it must hold a `registry.yaml`
 * @throws SlipwayError NOT_FOUND when there is no such directory, NOT_ALLOWED for a symbolic link or `..` in a name,
 * TOO_LARGE beyond {@link DIRECTORY_LIMITS}, INVALID_INPUT (file, line, column, field) for a document that does not decode
 */
export async function openDataDirectory(files: Files, directory: string): Promise<DataLayer> {
  const root = directory.length > 1 ? directory.replace(/\/+$/, "") : directory;
  await requireDirectory(files, root);
  const paths = await walk(files, root);
  if (!paths.includes(REGISTRY_FILE)) throw noRegistry(root);
  const read = (path: string): Promise<string> => readText(files, `${root}/${path}`);
  const decoded = await group(
    READS_AT_ONCE,
    paths.filter(mayDefineRecipe).map((path) => async () => {
      const [text, file] = [await read(path), `${root}/${path}`];
      const { overlay, unknown } = readOverlay(text, path, file);
      return { overlay, unknown: unknown.length === 0 ? [] : [{ file, text, fields: unknown }] };
    }),
  );
  const known = new Set(paths);
  const [registryText, registryFile] = [await read(REGISTRY_FILE), `${root}/${REGISTRY_FILE}`];
  const { registry, unknown } = readRegistry(registryText, registryFile);
  return {
    name: root,
    paths,
    registry,
    overlays: decoded.flatMap(({ overlay }) => overlay ?? []),
    warnings: unknownFieldWarnings([
      { file: registryFile, text: registryText, fields: unknown },
      ...decoded.flatMap((file) => file.unknown),
    ]),
    text: async (path) => (known.has(path) ? read(path) : undefined),
    values: async (path) => {
      if (!known.has(path)) return undefined;
      return decodeFile(await read(path), `${root}/${path}`, (cursor) => optionalMap(cursor) ?? {});
    },
  };
}

/** Whether a file of a data directory is read as the base or an overlay. */
export function mayDefineRecipe(path: string): boolean {
  const folders = path.split("/");
  const name = folders.pop() ?? "";
  if (!name.endsWith(".yaml") || name === REGISTRY_FILE || name === "data-v1.yaml") return false;
  return !folders.includes("components") && !folders.includes("checks");
}

async function requireDirectory(files: Files, root: string): Promise<void> {
  const info = await files.info(root);
  if (info === undefined) {
    throw new SlipwayError("NOT_FOUND", "there is no such data directory", { place: { file: root } });
  }
  if (info.kind === "file" || info.kind === "other") {
    const found = info.kind === "file" ? "a file" : "a device or a pipe";
    throw new SlipwayError("INVALID_INPUT", `expected a data directory, found ${found}`, { place: { file: root } });
  }
}

/** Every file below the root, checked, in walk order: entries by name, a folder's files where its name stands. */
async function walk(files: Files, root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    if (depth > DIRECTORY_LIMITS.depth)
      throw tooLarge(`${root}/${folder}`, `more than ${DIRECTORY_LIMITS.depth} folders deep`);
    const entries = await files.list(folder === "" ? root : `${root}/${folder}`);
    for (const entry of [...entries].sort((left, right) => compareBytes(left.name, right.name))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.includes("..")) throw notAllowed(root, path, `".." in the name of a file`);
      if (entry.kind === "directory") await visit(path, depth + 1);
      else found.push(checkFile(root, path, entry));
      if (found.length > DIRECTORY_LIMITS.files) throw tooLarge(root, `more than ${DIRECTORY_LIMITS.files} files`);
    }
  };
  await visit("", 0);
  return found;
}

function checkFile(root: string, path: string, entry: { readonly kind: string; readonly size: number }): string {
  if (entry.kind === "link") throw notAllowed(root, path, "a symbolic link");
  if (entry.kind !== "file") throw notAllowed(root, path, "what is neither a file nor a folder");
  if (entry.size > DIRECTORY_LIMITS.fileBytes) {
    const found = `${entry.size} bytes, and ${DIRECTORY_LIMITS.fileBytes} (10 MiB) is the most`;
    throw tooLarge(`${root}/${path}`, found);
  }
  return path;
}

async function readText(files: Files, file: string): Promise<string> {
  return utf8Text(await files.read(file, DIRECTORY_LIMITS.fileBytes), file);
}

function noRegistry(root: string): SlipwayError {
  return new SlipwayError("NOT_FOUND", `the data directory has no ${REGISTRY_FILE}`, {
    place: { file: root },
    hint: "An empty registry is: components: []",
  });
}

function notAllowed(root: string, path: string, what: string): SlipwayError {
  return new SlipwayError("NOT_ALLOWED", `${what} is not allowed in a data directory`, {
    place: { file: `${root}/${path}` },
    hint: "Put a plain file with a plain name there, or move it out of the directory.",
  });
}

function tooLarge(file: string, what: string): SlipwayError {
  return new SlipwayError("TOO_LARGE", `too large for a data directory: ${what}`, { place: { file } });
}
