import * as fs from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { SlipwayError, messageOf, type ErrorCode, type Io } from "@slipway/base";
import type { BundleTarget } from "@slipway/serving/collect";

/** Where a bundle shall be. */
export interface BundlePlace {
  /** Absolute. */
  readonly path: string;
  readonly isArchive: boolean;
  /** Whether folders above it may be made. */
  readonly makesParents: boolean;
}

/** A bundle that is being made beside its place. */
export interface StagedBundle extends BundleTarget {
  /** Puts it into its place, whole. */
  publish(signal: AbortSignal): Promise<void>;
  /** Leaves nothing of it. */
  discard(): Promise<void>;
}

/** Only the owner reads what comes from a cluster. */
const MODES = { file: 0o600, directory: 0o700 } as const;

/**
 * Where a bundle goes: what was named, else a new directory with the time in its name in the temporary directory.
 *
 * Folders above it are made as the script of the original made them where its variable names the place; a typing error in a
 * command line is told instead.
 *
 * @param given a directory, or a file that ends in `.tar.gz` or `.tgz`; empty for none
 */
export function bundlePlace({
  given,
  io,
  now,
}: {
  given: string;
  io: Pick<Io, "env" | "cwd">;
  now: Date;
}): BundlePlace {
  const [date = "", time = ""] = now
    .toISOString()
    .replaceAll(/[-:]|\..*$/g, "")
    .split("T");
  const usual = join(io.env["TMPDIR"] || "/tmp", `nim_log_diagnostic_bundle_${date}_${time}`);
  return {
    path: resolve(io.cwd, given || usual),
    isArchive: /\.(?:tar\.gz|tgz)$/.test(given),
    makesParents: given === "" || given === io.env["ARTIFACT_DIR"],
  };
}

/**
 * Starts a bundle: nothing is at its place until it is published.
 *
 * @throws SlipwayError NOT_FOUND when the folder above it is not there and is not to be made; CONFLICT when something is at
 * the place, a link included; NOT_ALLOWED or UNAVAILABLE when the file
 * system refuses
 */
export async function stageBundle(place: BundlePlace): Promise<StagedBundle> {
  const parent = dirname(place.path);
  let staging = "";
  let made: string | undefined;
  const named = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    try {
      return await action();
    } catch (error) {
      throw placeError(error, place.path);
    }
  };
  await named(async () => {
    await checkFree(place);
    if (place.makesParents) made = await fs.mkdir(parent, { recursive: true, mode: MODES.directory });
    else await checkParent(parent);
    staging = await fs.mkdtemp(join(parent, `.${basename(place.path).slice(0, 100)}.`));
  });
  return {
    write: (path, content) => named(() => writeFile(join(staging, checkedPath(path)), content)),
    publish: (signal) =>
      named(async () => {
        await checkFree(place);
        if (place.isArchive) await pack(staging, place.path, signal);
        else await fs.rename(staging, place.path);
      }),
    discard: async () => {
      await fs.rm(staging, { recursive: true, force: true });
      if (made !== undefined) await removeEmpty(parent, made);
    },
  };
}

async function checkParent(parent: string): Promise<void> {
  if ((await fs.stat(parent).catch(absent)) !== undefined) return;
  throw new SlipwayError("NOT_FOUND", `--output-directory: there is no directory ${parent}`, {
    hint: "Make it first, or name a place in a directory that is there.",
  });
}

/** An empty directory may be filled; what is there otherwise is never touched. */
async function checkFree({ path, isArchive }: BundlePlace): Promise<void> {
  const info = await fs.lstat(path).catch(absent);
  if (info === undefined) return;
  if (!isArchive && info.isDirectory() && (await fs.readdir(path)).length === 0) return;
  throw new SlipwayError("CONFLICT", `${path} is there already`, {
    hint: "Name another --output-directory, or move what is there.",
  });
}

function absent(error: unknown): undefined {
  if (systemCode(error) === "ENOENT") return undefined;
  throw error;
}

/** The collector makes sound paths; here is the last look. */
function checkedPath(path: string): string {
  const isSound = path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"));
  if (isSound) return path;
  throw new SlipwayError("BUG", `a bundle has no place for ${JSON.stringify(path)}`);
}

async function writeFile(path: string, content: string | AsyncIterable<string>): Promise<number> {
  await fs.mkdir(dirname(path), { recursive: true, mode: MODES.directory });
  const file = await fs.open(path, "wx", MODES.file);
  try {
    let bytes = 0;
    for await (const text of typeof content === "string" ? [content] : content) {
      const part = Buffer.from(text);
      for (let done = 0; done < part.length;) done += (await file.write(part, done)).bytesWritten;
      bytes += part.length;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Files and folders of an archive lie in one folder with its name. */
async function pack(staging: string, target: string, signal: AbortSignal): Promise<void> {
  const { create } = await import("tar");
  const beside = `${staging}.tmp`;
  try {
    const prefix = basename(target).replace(/\.(?:tar\.gz|tgz)$/, "");
    const archive = create({ cwd: staging, gzip: true, portable: true, prefix }, (await fs.readdir(staging)).sort());
    const file = await fs.open(beside, "wx", MODES.file);
    await pipeline(archive, file.createWriteStream(), { signal });
    await fs.rename(beside, target);
    await fs.rm(staging, { recursive: true, force: true });
  } catch (error) {
    await fs.rm(beside, { force: true });
    throw error;
  }
}

/** Removes empty folders from one up to another. */
async function removeEmpty(from: string, to: string): Promise<void> {
  try {
    await fs.rmdir(from);
  } catch {
    return;
  }
  if (from !== to) await removeEmpty(dirname(from), to);
}

const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ["EACCES", "NOT_ALLOWED"],
  ["EPERM", "NOT_ALLOWED"],
  ["EROFS", "NOT_ALLOWED"],
  ["ENOTDIR", "CONFLICT"],
  ["ENOTEMPTY", "CONFLICT"],
  ["EEXIST", "CONFLICT"],
  ["ENAMETOOLONG", "INVALID_INPUT"],
]);

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function placeError(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (error instanceof SlipwayError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new SlipwayError(CODES.get(code) ?? "UNAVAILABLE", `${path} cannot be written: ${messageOf(error)}`, {
    cause: error,
  });
}
