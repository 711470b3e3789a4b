import { bytesOf } from "../bundle-path.ts";
import type { BundleFile } from "../model.ts";
import { MODES, type Disk } from "./disk.ts";

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

/** Files that are written before a signal is listened for. */
const BATCH = 16;

/** Writes files to the places that they are given; none of them may be there yet. Throws the signal's reason. */
export async function writeFiles(
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

/** Whether a staging folder could be removed; what it was for is done by then, so a failure must not undo it. */
export async function removed(disk: Disk, staging: string): Promise<boolean> {
  try {
    await disk.rm(staging, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
