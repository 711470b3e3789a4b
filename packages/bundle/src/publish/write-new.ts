import { basename, dirname, join } from "node:path";
import type { BundleFile } from "../model.ts";
import { MODES, type Disk } from "./disk.ts";
import { foldersOf } from "./older-bundle.ts";
import { removed, writeFiles, type WrittenDirectory } from "./write-files.ts";

/** Writes a bundle to a folder that is not there: beside it, and then renamed. */
export async function writeNew(
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
