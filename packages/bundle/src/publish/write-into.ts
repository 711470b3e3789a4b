import { basename, join } from "node:path";
import { SlipwayError } from "@slipway/base";
import { bytesOf } from "../bundle-path.ts";
import { CHECKSUMS_FILE, sha256Of } from "../checksums.ts";
import type { BundleFile } from "../model.ts";
import { MODES, lstatOf, type Disk } from "./disk.ts";
import { Journal } from "./journal.ts";
import { foldersOf, leftoversOf } from "./older-bundle.ts";
import { removed, writeFiles, type WrittenDirectory } from "./write-files.ts";

/** How a bundle goes into a folder that is there. */
export interface IntoOptions {
  /** Paths that may be replaced whatever they hold. */
  readonly mayReplace: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/**
 * Writes a bundle into a folder that is there: files are staged inside it, and then moved into place with a journal, so
 * that a failure takes every step back. A file that no older bundle wrote, or that was
 * changed since, is not replaced unless it holds the very same.
 */
export async function writeInto(
  disk: Disk,
  files: readonly BundleFile[],
  root: string,
  { mayReplace, signal }: IntoOptions,
): Promise<WrittenDirectory> {
  const ways = new Set<string>();
  const there: BundleFile[] = [];
  for (const file of files) if (await checkWay(disk, root, file.path, ways)) there.push(file);
  const replaced = new Set(files.map(({ path }) => path));
  const { listed, stale, changed } = await leftoversOf(disk, root, replaced);
  await refuseOthers(
    disk,
    root,
    there.filter(({ path }) => !mayReplace.has(path)),
    listed,
  );
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

/**
 * Somebody else's work is not for a bundle to replace: files that no bundle wrote, and those of an older bundle that
 * were changed since.
 */
async function refuseOthers(
  disk: Disk,
  root: string,
  files: readonly BundleFile[],
  listed: ReadonlyMap<string, string>,
): Promise<void> {
  const [others, changed]: [string[], string[]] = [[], []];
  for (const file of files) {
    if (file.path === CHECKSUMS_FILE && listed.size > 0) continue;
    const present = await disk.readFile(join(root, file.path));
    if (sameBytes(present, bytesOf(file))) continue;
    const written = listed.get(file.path);
    if (written === undefined) others.push(file.path);
    else if ((await sha256Of(present)) !== written) changed.push(file.path);
  }
  if (others.length > 0) throw conflict(root, "files that no bundle wrote and that this one would replace", others);
  if (changed.length > 0) throw conflict(root, "files that were changed since a bundle wrote them", changed);
}

function conflict(root: string, what: string, paths: readonly string[]): SlipwayError {
  const named = paths.slice(0, 3).join(", ") + (paths.length > 3 ? ` and ${paths.length - 3} more` : "");
  return new SlipwayError("CONFLICT", `${root} has ${what}: ${named}`, {
    hint: "Move them away, or write the bundle to another folder with --output.",
  });
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
