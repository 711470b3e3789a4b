import * as fs from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SlipwayError } from "@slipway/base";
import type { Bundle } from "../model.ts";
import { MODES, diskError, lstatOf } from "./disk.ts";
import { packFiles } from "./pack.ts";

/** What writing a bundle to an archive did. */
export interface WrittenArchive {
  /** Absolute. */
  readonly file: string;
  /** Number of files in it. */
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes a bundle as a `.tar.gz`, the same bytes for the same bundle, beside the target and renamed, so that a failure
 * or an aborted signal leaves what was there. Its folder must exist.
 *
 * @throws SlipwayError as writing a folder does; CONFLICT when the target is there and is no file
 */
export async function writeBundleArchive(
  bundle: Pick<Bundle, "files">,
  file: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<WrittenArchive> {
  const target = resolve(file);
  const packed = packFiles(bundle.files);
  await replaceFile(target, packed, options.signal);
  return { file: target, files: bundle.files.length, bytes: packed.length };
}

/** Writes a file beside its target and renames it. A link at the target is refused rather than replaced. */
export async function replaceFile(target: string, content: string | Uint8Array, signal?: AbortSignal): Promise<void> {
  let staging: string | undefined;
  try {
    const info = await lstatOf(fs, target);
    if (info !== undefined && !info.isFile()) {
      throw new SlipwayError("CONFLICT", `${target} is there already and is no file`, { hint: "Name another output." });
    }
    signal?.throwIfAborted();
    staging = await fs.mkdtemp(join(dirname(target), ".slipway-"));
    const beside = join(staging, basename(target));
    await fs.writeFile(beside, content, { flag: "wx", mode: MODES.file });
    signal?.throwIfAborted();
    await fs.rename(beside, target);
  } catch (error) {
    throw diskError(error, "written", target);
  } finally {
    if (staging !== undefined) await fs.rm(staging, { recursive: true, force: true });
  }
}
