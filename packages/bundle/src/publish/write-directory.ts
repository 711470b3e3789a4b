import { basename, dirname, join, resolve } from "node:path";
import { SlipwayError } from "@slipway/base";
import { bytesOf, checkBundlePath } from "../bundle-path.ts";
import { CHECKSUMS_FILE } from "../checksums.ts";
import type { Bundle, BundleFile } from "../model.ts";
import { MODES, diskError, lstatOf, nodeDisk, systemCode, type Disk } from "./disk.ts";
import { Journal } from "./journal.ts";
import { foldersOf, leftoversOf } from "./older-bundle.ts";

/** What writing a bundle to a folder did. */
export interface WrittenDirectory {
  /** Absolute. */
  readonly directory: string;
  /** Number of files written. */
  readonly files: number;
  /** Files of an older bundle that were removed, because the new one has no such file. */
  readonly removed: readonly string[];
  /** What is at the top of the folder, or was changed in an older bundle, and is no part of the new one. */
  readonly foreign: readonly string[];
}

/** How a bundle is written to a folder. */
export interface WriteDirectoryOptions {
  readonly signal?: AbortSignal | undefined;
  readonly disk?: Disk | undefined;
}

/** Files that are written before an interruption is looked for. */
const BATCH = 16;

/**
 * Writes a bundle to a folder, wholly or not at all: an error or an aborted signal leaves what was there. A new folder
 * is written beside and renamed. An existing one is reused: files are staged inside it and then moved into place;
 * unchanged files of an older bundle that the new one lacks are removed, everything else stays. Files get mode 0600,
 * scripts and folders 0755.
 *
 * @param directory made with its parents when it does not exist; may be the current folder, or a link to a folder
 * @throws SlipwayError INVALID_INPUT for a path that leaves the folder, CONFLICT when a link or a folder is in the place
 * of a file (or the other way round), NOT_ALLOWED or UNAVAILABLE when the file system refuses; the signal's reason
 */
export async function writeBundleDirectory(
  bundle: Pick<Bundle, "files">,
  directory: string,
  options: WriteDirectoryOptions = {},
): Promise<WrittenDirectory> {
  const disk = options.disk ?? nodeDisk;
  const signal = options.signal ?? new AbortController().signal;
  checkPaths(bundle.files);
  const target = resolve(directory);
  try {
    signal.throwIfAborted();
    if ((await lstatOf(disk, target)) === undefined) return await writeNew(disk, bundle.files, target, signal);
    if (!(await isDirectory(disk, target))) {
      const hint = "Name another output, or move what is there.";
      throw new SlipwayError("CONFLICT", `${target} is there already and is no folder`, { hint });
    }
    return await writeInto(disk, bundle.files, await disk.realpath(target), signal);
  } catch (error) {
    throw diskError(error, "written", target);
  }
}

/** Throws INVALID_INPUT for a path that leaves the bundle, is there twice, or is both a file and a folder. */
export function checkPaths(files: readonly BundleFile[]): void {
  const paths = new Set<string>();
  for (const { path } of files) {
    checkBundlePath(path);
    if (paths.has(path)) throw new SlipwayError("INVALID_INPUT", `the bundle has two files named "${path}"`);
    paths.add(path);
  }
  for (const { path } of files) {
    const folder = foldersOf(path).find((name) => paths.has(name));
    if (folder !== undefined)
      throw new SlipwayError("INVALID_INPUT", `"${folder}" is both a file and a folder of the bundle`);
  }
}

async function isDirectory(disk: Disk, path: string): Promise<boolean> {
  try {
    return (await disk.stat(path)).isDirectory();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function writeNew(
  disk: Disk,
  files: readonly BundleFile[],
  target: string,
  signal: AbortSignal,
): Promise<WrittenDirectory> {
  const parent = dirname(target);
  const made = await disk.mkdir(parent, { recursive: true, mode: MODES.directory });
  let staging: string | undefined;
  try {
    staging = await disk.mkdtemp(join(parent, `.${basename(target).slice(0, 100)}.slipway-`));
    await disk.chmod(staging, MODES.directory);
    const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
    for (const folder of [...folders].sort()) await makeFolder(disk, join(staging, folder));
    const beside = staging;
    await writeFiles(disk, files, (file) => join(beside, file.path), signal);
    signal.throwIfAborted();
    await disk.rename(staging, target);
  } catch (error) {
    if (staging !== undefined) await removed(disk, staging);
    if (made !== undefined) await removeEmpty(disk, parent, made);
    throw error;
  }
  return { directory: target, files: files.length, removed: [], foreign: [] };
}

/** Removes the empty folders from `from` up to `to`. */
async function removeEmpty(disk: Disk, from: string, to: string): Promise<void> {
  try {
    await disk.rmdir(from);
  } catch {
    return;
  }
  if (from !== to) await removeEmpty(disk, dirname(from), to);
}

async function makeFolder(disk: Disk, path: string): Promise<void> {
  await disk.mkdir(path);
  await disk.chmod(path, MODES.directory);
}

async function writeFiles(
  disk: Disk,
  files: readonly BundleFile[],
  placeOf: (file: BundleFile, index: number) => string,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, file] of files.entries()) {
    if (index % BATCH === BATCH - 1) await breathe();
    signal.throwIfAborted();
    await writeFile(disk, placeOf(file, index), file);
  }
}

/** The disk may do its steps at once; a signal of the system is heard when nothing runs. */
function breathe(): Promise<void> {
  return new Promise((resume) => setImmediate(resume));
}

async function writeFile(disk: Disk, path: string, file: BundleFile): Promise<void> {
  await disk.writeFile(path, bytesOf(file), { flag: "wx", mode: MODES.file });
  if (file.executable) await disk.chmod(path, MODES.executable);
}

async function writeInto(
  disk: Disk,
  files: readonly BundleFile[],
  root: string,
  signal: AbortSignal,
): Promise<WrittenDirectory> {
  const ways = new Set<string>();
  for (const { path } of files) await checkWay(disk, root, path, ways);
  const replaced = new Set(files.map(({ path }) => path));
  const { stale, changed } = await leftoversOf(disk, root, replaced);
  const foreign = [...(await foreignNames(disk, root, [...replaced, ...stale, ...changed])), ...changed];
  const staging = await disk.mkdtemp(join(root, ".slipway-"));
  const journal = new Journal(disk);
  try {
    await writeFiles(disk, files, (_file, index) => join(staging, `new-${index}`), signal);
    await moveIn(disk, journal, { root, staging, files, stale, signal });
  } catch (error) {
    await journal.rollBack(staging);
    await removed(disk, staging);
    throw error;
  }
  if (!(await removed(disk, staging))) foreign.push(basename(staging));
  return { directory: root, files: files.length, removed: stale, foreign: foreign.sort() };
}

/** Whether a staging folder could be removed; what it was for is done by then, so a failure must not undo it. */
async function removed(disk: Disk, staging: string): Promise<boolean> {
  try {
    await disk.rm(staging, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

interface Move {
  readonly root: string;
  readonly staging: string;
  readonly files: readonly BundleFile[];
  readonly stale: readonly string[];
  readonly signal: AbortSignal;
}

async function moveIn(disk: Disk, journal: Journal, { root, staging, files, stale, signal }: Move): Promise<void> {
  for (const [index, path] of stale.entries()) {
    signal.throwIfAborted();
    await journal.rename(join(root, path), join(staging, `stale-${index}`));
  }
  await removeEmptied(disk, journal, root, stale);
  const ways = new Set<string>();
  for (const [index, { path }] of files.entries()) {
    signal.throwIfAborted();
    const isThere = await checkWay(disk, root, path, ways);
    for (const folder of foldersOf(path)) {
      if (ways.has(folder)) continue;
      await journal.makeDirectory(join(root, folder), MODES.directory);
      ways.add(folder);
    }
    const target = join(root, path);
    if (isThere) await journal.rename(target, join(staging, `old-${index}`));
    await journal.rename(join(staging, `new-${index}`), target);
  }
  signal.throwIfAborted();
}

/** Removes the folders that nothing is left in after the older bundle's files are gone. */
async function removeEmptied(disk: Disk, journal: Journal, root: string, stale: readonly string[]): Promise<void> {
  const folders = [...new Set(stale.flatMap(foldersOf))].sort().reverse();
  for (const folder of folders) {
    const path = join(root, folder);
    if ((await disk.readdir(path)).length > 0) continue;
    await journal.removeDirectory(path, (await disk.lstat(path)).mode & 0o777);
  }
}

/**
 * Proves that a file can be put at a path without following a link or replacing a folder.
 *
 * @param ways folders that are there and have been looked at; those on the way are added
 * @returns whether there is a file already
 */
async function checkWay(disk: Disk, root: string, path: string, ways: Set<string>): Promise<boolean> {
  for (const folder of foldersOf(path)) {
    if (ways.has(folder)) continue;
    const info = await lstatOf(disk, join(root, folder));
    if (info === undefined) return false;
    if (!info.isDirectory()) throw inTheWay(join(root, folder), info.isSymbolicLink(), "folder");
    ways.add(folder);
  }
  const info = await lstatOf(disk, join(root, path));
  if (info !== undefined && !info.isFile()) throw inTheWay(join(root, path), info.isSymbolicLink(), "file");
  return info !== undefined;
}

function inTheWay(path: string, isLink: boolean, wanted: "file" | "folder"): SlipwayError {
  const found = isLink ? "a symbolic link, which is never followed," : "something else";
  return new SlipwayError("CONFLICT", `${path}: ${found} is where the bundle has a ${wanted}`, {
    hint: "Remove it, or write the bundle to another folder.",
  });
}

async function foreignNames(disk: Disk, root: string, known: readonly string[]): Promise<readonly string[]> {
  const tops = new Set([CHECKSUMS_FILE, ...known.map((path) => path.split("/", 1)[0])]);
  return (await disk.readdir(root)).filter((name) => !tops.has(name));
}
