import { resolve } from "node:path";
import { SlipwayError } from "@slipway/base";
import { checkPaths } from "../bundle-path.ts";
import type { Bundle } from "../model.ts";
import { diskError, lstatOf, nodeDisk, systemCode, type Disk } from "./disk.ts";
import type { WrittenDirectory } from "./write-files.ts";
import { writeInto } from "./write-into.ts";
import { writeNew } from "./write-new.ts";

export type { WrittenDirectory };

/** How a bundle is written to a folder. */
export interface WriteDirectoryOptions {
  readonly signal?: AbortSignal | undefined;
  readonly disk?: Disk | undefined;
  /** Paths of files that may be replaced although no older bundle wrote them: the recipe that the bundle is made of. */
  readonly mayReplace?: ReadonlySet<string> | undefined;
}

/**
 * Writes a bundle to a folder, wholly or not at all: an error or an aborted signal leaves what was there. A new folder
 * is written beside and renamed. An existing one is reused: files are staged inside it and then moved into place;
 * unchanged files of an older bundle that the new one lacks are removed, everything else stays. Files get mode 0600,
 * scripts and folders 0755.
 *
 * @param directory made with its parents when it does not exist; may be the current folder, or a link to a folder
 * @throws SlipwayError INVALID_INPUT for a path that leaves the folder; CONFLICT when a link or a folder is in the place
 * of a file (or the other way round), or when a file that no older bundle wrote would be replaced by another content; NOT_ALLOWED or UNAVAILABLE when the file system refuses; the signal's reason
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
    return await writeInto(disk, bundle.files, await disk.realpath(target), {
      mayReplace: options.mayReplace ?? new Set(),
      signal,
    });
  } catch (error) {
    throw diskError(error, "written", target);
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
