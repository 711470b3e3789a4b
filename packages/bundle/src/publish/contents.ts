import { createHash } from "node:crypto";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError, compareBytes, messageOf } from "@slipway/base";
import { pathFault } from "../bundle-path.ts";
import { CHECKSUMS_FILE } from "../checksums.ts";
import { MAX_CHECKSUMS_BYTES } from "./checksum-list.ts";
import { diskError, systemCode } from "./disk.ts";
import { SCAN_LIMITS, scanArchive, type ArchiveEntry, type ScanLimits, type Sink } from "./scan-archive.ts";

/** A file that a folder or an archive holds. */
export interface ContentFile {
  readonly size: number;
  readonly executable: boolean;
  /** Errors name the file. */
  read(): Promise<Uint8Array>;
  /** 64 lower-case hexadecimal digits. */
  sha256(): Promise<string>;
}

/** What a folder or an archive holds, before anything of it is believed. */
export interface Contents {
  /** By path, sorted. */
  readonly files: ReadonlyMap<string, ContentFile>;
  /** What may not be in a bundle, by path: links, devices, paths that leave it. */
  readonly faults: ReadonlyMap<string, string>;
}

/** How contents are opened. */
export interface ContentsOptions {
  readonly limits?: ScanLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether all content of an archive will be read, or only its checksums.txt. */
  readonly content: "all" | "checksums";
}

/**
 * Looks at a folder or a `.tar.gz` without following a link in it. In an archive, a single folder around everything is
 * left out, since that is how most people pack one. The limit of bytes counts for archives.
 *
 * @throws SlipwayError NOT_FOUND, NOT_ALLOWED or INVALID_INPUT when the source is no readable folder or archive,
 * TOO_LARGE beyond the limits
 */
export async function openContents(source: string, options: ContentsOptions): Promise<Contents> {
  const limits = options.limits ?? SCAN_LIMITS;
  let info: Awaited<ReturnType<typeof fs.stat>>;
  try {
    info = await fs.stat(source);
  } catch (error) {
    if (systemCode(error) === "ENOENT")
      throw new SlipwayError("NOT_FOUND", `${source} does not exist`, { hint: "Name a bundle's folder or .tar.gz." });
    throw diskError(error, "read", source);
  }
  if (info.isDirectory()) return await folderContents(source, limits, options.signal);
  if (info.isFile()) return await archiveContents(source, { ...options, limits });
  throw new SlipwayError("INVALID_INPUT", `${source} is neither a folder nor a .tar.gz archive`);
}

async function folderContents(root: string, limits: ScanLimits, signal?: AbortSignal): Promise<Contents> {
  const files = new Map<string, ContentFile>();
  const faults = new Map<string, string>();
  let left = limits.maxEntries;
  const walk = async (folder: string): Promise<void> => {
    signal?.throwIfAborted();
    for (const entry of await fs.readdir(join(root, folder), { withFileTypes: true })) {
      // A bundle that is kept in Git is still the bundle.
      if (folder === "" && entry.name === ".git") continue;
      if (--left < 0) throw tooMany(root, limits);
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const fault = pathFault(path) ?? kindFault(entry);
      if (fault !== undefined) faults.set(path, fault);
      else if (entry.isDirectory()) await walk(path).catch(keepFault(faults, path));
      else files.set(path, await folderFile(root, path));
    }
  };
  try {
    await walk("");
  } catch (error) {
    throw diskError(error, "read", root);
  }
  return { files: sorted(files), faults };
}

function tooMany(root: string, limits: ScanLimits): SlipwayError {
  return new SlipwayError("TOO_LARGE", `${root} has more than ${limits.maxEntries} entries: this is no bundle`, {
    hint: "Name the folder that the bundle was written to.",
  });
}

function kindFault(entry: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): string | undefined {
  if (entry.isSymbolicLink()) return "a symbolic link has no place in a bundle";
  return entry.isFile() || entry.isDirectory() ? undefined : "neither a file nor a folder";
}

function keepFault(faults: Map<string, string>, path: string): (error: unknown) => void {
  return (error) => {
    if (systemCode(error) === undefined) throw error;
    faults.set(path, `cannot be read: ${messageOf(error)}`);
  };
}

async function folderFile(root: string, path: string): Promise<ContentFile> {
  const { size, mode } = await fs.lstat(join(root, path));
  const open = async <Result>(use: (handle: fs.FileHandle) => Promise<Result>): Promise<Result> => {
    // A link or a pipe that took the file's place since must not be followed or waited for.
    const handle = await fs.open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  };
  return {
    size,
    executable: (mode & 0o100) !== 0,
    read: () => open((handle) => handle.readFile()),
    sha256: () =>
      open(async (handle) => {
        const hash = createHash("sha256");
        for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk);
        return hash.digest("hex");
      }),
  };
}

async function archiveContents(file: string, options: ContentsOptions & { limits: ScanLimits }): Promise<Contents> {
  const files = new Map<string, ContentFile>();
  const faults = new Map<string, string>();
  const visit = (entry: ArchiveEntry): Sink | undefined => {
    const path = entry.path.replace(/^(\.\/)+/, "").replace(entry.kind === "directory" ? /\/$/ : /$^/, "");
    if (entry.kind === "directory" && (path === "" || path === ".")) return undefined;
    const fault = pathFault(path) ?? archiveFault(entry, files.has(path));
    if (fault !== undefined) faults.set(path, fault);
    if (fault !== undefined || entry.kind !== "file") return undefined;
    const { content, sink } = archiveFile(file, path, entry, options.content === "all" || mayBeChecksums(path, entry));
    files.set(path, content);
    return sink;
  };
  await scanArchive(file, visit, options);
  return withoutOuterFolder({ files: sorted(files), faults });
}

function archiveFault(entry: ArchiveEntry, known: boolean): string | undefined {
  if (entry.kind === "link") return "a link has no place in a bundle";
  if (entry.kind === "other") return "neither a file nor a folder";
  return known ? "the archive has two files of this name" : undefined;
}

function mayBeChecksums(path: string, entry: ArchiveEntry): boolean {
  return path.split("/").at(-1) === CHECKSUMS_FILE && path.split("/").length <= 2 && entry.size <= MAX_CHECKSUMS_BYTES;
}

function archiveFile(
  archive: string,
  path: string,
  entry: ArchiveEntry,
  keep: boolean,
): { readonly content: ContentFile; readonly sink: Sink } {
  const hash = createHash("sha256");
  const chunks: Uint8Array[] = [];
  let digest: string | undefined;
  const content: ContentFile = {
    size: entry.size,
    executable: entry.executable,
    read: async () => {
      if (keep) return Buffer.concat(chunks);
      throw new SlipwayError("TOO_LARGE", `${path} of ${archive} was not kept`);
    },
    sha256: async () => (digest ??= hash.digest("hex")),
  };
  const sink: Sink = (chunk) => {
    hash.update(chunk);
    if (keep) chunks.push(Uint8Array.from(chunk));
  };
  return { content, sink };
}

/** Leaves out a single folder around everything, unless a checksums.txt at the top says that it belongs there. */
function withoutOuterFolder(contents: Contents): Contents {
  const paths = [...contents.files.keys(), ...contents.faults.keys()];
  const [folder, ...others] = new Set(paths.map((path) => path.split("/", 1)[0] ?? ""));
  if (folder === undefined || others.length > 0 || !contents.files.has(`${folder}/${CHECKSUMS_FILE}`)) return contents;
  const inner = <Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
    new Map([...map].map(([path, value]) => [path.slice(folder.length + 1), value]));
  return { files: inner(contents.files), faults: inner(contents.faults) };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...map].sort(([left], [right]) => compareBytes(left, right)));
}
