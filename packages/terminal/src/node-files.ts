import { constants, type BigIntStats, type Stats } from "node:fs";
import { lstat, open, readdir, realpath, rename, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SlipwayError, type DirectoryEntry, type FileInfo, type Files } from "@slipway/base";
import { fileError, nodeCode } from "./node-error.ts";

/** How the file system is used. */
export interface NodeFilesOptions {
  /** What relative paths start from. Errors name paths as they were given. */
  readonly cwd: string;
  /** Whether pipes may be read too, as a shell's `<(command)` gives them. Devices never are. */
  readonly pipes?: boolean;
}

/** The real file system. */
export function nodeFiles({ cwd, pipes = false }: NodeFilesOptions): Files {
  const named = async <Result>(path: string, action: (absolute: string) => Promise<Result>): Promise<Result> => {
    try {
      return await action(resolve(cwd, path));
    } catch (error) {
      throw fileError(error, path);
    }
  };
  return {
    info: (path) => named(path, infoOf),
    list: (path) => named(path, list),
    read: (path, maxBytes) => named(path, (absolute) => read(absolute, maxBytes, pipes)),
    write: (path, content) => named(path, (absolute) => write(absolute, content)),
  };
}

async function infoOf(path: string): Promise<FileInfo | undefined> {
  try {
    const stats = await lstat(path);
    return { kind: kindOf(stats), size: stats.size };
  } catch (error) {
    if (nodeCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function kindOf(stats: Stats | BigIntStats): FileInfo["kind"] {
  if (stats.isSymbolicLink()) return "link";
  if (stats.isDirectory()) return "directory";
  return stats.isFile() ? "file" : "other";
}

async function list(path: string): Promise<readonly DirectoryEntry[]> {
  const names = await readdir(path);
  const entries = await Promise.all(
    names.map(async (name) => {
      const info = await infoOf(join(path, name));
      return info === undefined ? undefined : { ...info, name };
    }),
  );
  const there = entries.filter((entry) => entry !== undefined);
  return there.sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)));
}

/** The kind is looked at before opening, because opening a pipe waits, and after, because the path may have changed. */
async function read(path: string, maxBytes: number, pipes: boolean): Promise<Uint8Array> {
  const before = await stat(path);
  refuseUnreadable(before, pipes);
  const waits = before.isFIFO() ? 0 : constants.O_NONBLOCK;
  const handle = await open(path, constants.O_RDONLY | waits);
  try {
    refuseUnreadable(await handle.stat(), pipes);
    return await readAtMost(handle, maxBytes);
  } finally {
    await handle.close();
  }
}

function refuseUnreadable(stats: Stats, pipes: boolean): void {
  if (stats.isFile() || (pipes && stats.isFIFO())) return;
  const what = stats.isDirectory() ? "this is a directory, a file is needed" : "this is a device or a pipe, not a file";
  throw new SlipwayError("INVALID_INPUT", what);
}

async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const { size } = await handle.stat();
  if (size > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(Math.max(4096, Math.min(size + 1 - total, 1 << 20)));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length);
    if (bytesRead === 0) return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    total += bytesRead;
    if (total > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

/** The error for input beyond a limit in bytes. */
export function tooLarge(maxBytes: number): SlipwayError {
  const size = maxBytes >= 1 << 20 ? `${Math.floor(maxBytes / (1 << 20))} MiB` : `${maxBytes} bytes`;
  return new SlipwayError("TOO_LARGE", `larger than ${size}, which is the limit`);
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const existing = await statOf(path);
  if (existing?.isDirectory() === true)
    throw new SlipwayError("INVALID_INPUT", "this is a directory, a file is needed");
  if (existing !== undefined && !existing.isFile()) return writeFile(path, content);
  const target = existing === undefined ? path : await realpath(path);
  const beside = join(dirname(target), `.${basename(target).slice(0, 100)}.${crypto.randomUUID()}.tmp`);
  try {
    await writeFile(beside, content, { flag: "wx", mode: existing === undefined ? 0o666 : existing.mode & 0o777 });
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (nodeCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
