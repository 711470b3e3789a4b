import { Buffer } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync, readdirSync, readlinkSync } from "node:fs";
import { compareBytes, type Exec } from "@slipway/base";
import type { Host, HostEntry, HostText } from "./host.ts";
import { insideRoot } from "./inside-root.ts";

/** What a host is made of. */
export interface NodeHostOptions {
  readonly exec: Exec;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As Node names it. */
  readonly platform: string;
  /** Where the root of the host is mounted; default `/`. */
  readonly root?: string | undefined;
}

/**
 * The machine that this process runs on, or whose root is mounted at `root`. Symbolic links of a mounted root are
 * followed inside it. Where a mounted root has no /proc or /sys of its own, those of this process are read: most of
 * what they tell is of the kernel, which is the same one.
 */
export function nodeHost(options: NodeHostOptions): Host {
  const root = (options.root ?? "/").replace(/\/+$/, "");
  const own = new Set(root === "" ? [] : ["/proc", "/sys"].filter((path) => isEmpty(`${root}${path}`)));
  const place = (path: string): string => {
    if (root === "" || own.has(/^\/[^/]*/.exec(path)?.[0] ?? "")) return path;
    return insideRoot(root, path, linkText);
  };
  return {
    root: root === "" ? "/" : root,
    platform: options.platform,
    exec: options.exec,
    env: options.env,
    files: {
      read: (path, maxBytes) => read(place(path), maxBytes),
      list: (path) => list(place(path)),
      link: (path) => linkText(parentIn(path, place)),
      kernelLog: () => readRecords("/dev/kmsg"),
    },
  };
}

/** The place of a link itself: only the folder that it is in is followed. */
function parentIn(path: string, place: (path: string) => string): string {
  const slash = path.lastIndexOf("/");
  return `${place(path.slice(0, slash))}${path.slice(slash)}`;
}

function isEmpty(path: string): boolean {
  return list(path).length === 0;
}

const SCRATCH = Buffer.allocUnsafe(64 * 1024);
const ANYBODY_READS = 0o444;

function read(path: string, maxBytes: number): HostText {
  let opened: number | undefined;
  try {
    opened = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stats = fstatSync(opened);
    if (!stats.isFile()) return { kind: "unreadable", reason: "not a regular file" };
    if ((stats.mode & ANYBODY_READS) === 0) return { kind: "unreadable", reason: "made for writing only" };
    return readFrom(opened, maxBytes);
  } catch (error) {
    return failure(error);
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

function readFrom(file: number, maxBytes: number): HostText {
  const buffer = maxBytes < SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(maxBytes + 1);
  let length = 0;
  while (length <= maxBytes) {
    const count = readSync(file, buffer, length, maxBytes + 1 - length, null);
    if (count === 0) break;
    length += count;
  }
  const text = buffer.toString("utf8", 0, Math.min(length, maxBytes));
  return { kind: "text", text, cut: length > maxBytes };
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EIO: "the kernel reports an input or output error",
  EINVAL: "the kernel does not give it",
};

function failure(error: unknown): HostText {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
  return { kind: "unreadable", reason: REASONS[code] ?? code };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

const MAX_RECORDS = 50_000;

/** Every read gives one record of at most 8 KiB, and fails with EAGAIN after the last one. */
function readRecords(path: string): readonly string[] {
  let opened: number | undefined;
  const records: string[] = [];
  try {
    opened = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    while (records.length < MAX_RECORDS) {
      const length = readRecord(opened);
      if (length === 0) break;
      records.push(SCRATCH.toString("utf8", 0, length));
    }
    return records;
  } catch {
    return records;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** EPIPE says that the record was overwritten before it was read; the next read goes on with the oldest that is left. */
function readRecord(file: number): number {
  try {
    return readSync(file, SCRATCH, 0, SCRATCH.length, null);
  } catch (error) {
    if (codeOf(error) !== "EPIPE") throw error;
    return readRecord(file);
  }
}

function list(path: string): readonly HostEntry[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .map((entry): HostEntry => {
        if (entry.isDirectory()) return { name: entry.name, kind: "directory" };
        if (entry.isSymbolicLink()) return { name: entry.name, kind: "link" };
        return { name: entry.name, kind: entry.isFile() ? "file" : "other" };
      })
      .sort((left, right) => compareBytes(left.name, right.name));
  } catch {
    return [];
  }
}

function linkText(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
