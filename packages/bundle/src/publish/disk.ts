import * as fs from "node:fs";
import { SlipwayError, messageOf, type ErrorCode } from "@slipway/base";

/** What a path is; links are told apart where they are not followed. */
export interface DiskInfo {
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
}

/** The parts of a file system that writing a bundle uses, as `node:fs/promises` has them; tests make single steps fail. */
export interface Disk {
  chmod(path: string, mode: number): Promise<void>;
  lstat(path: string): Promise<DiskInfo>;
  /** @returns the first folder that was made */
  mkdir(
    path: string,
    options?: { readonly recursive: true; readonly mode: number },
  ): Promise<string | undefined | void>;
  mkdtemp(prefix: string): Promise<string>;
  readFile(path: string): Promise<Uint8Array>;
  readdir(path: string): Promise<readonly string[]>;
  realpath(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly recursive: true; readonly force: true }): Promise<void>;
  rmdir(path: string): Promise<void>;
  stat(path: string): Promise<DiskInfo>;
  writeFile(path: string, content: Uint8Array, options: { readonly flag: "wx"; readonly mode: number }): Promise<void>;
}

/**
 * Node's file system through its synchronous calls: a bundle is many small files, and handing a step over to another
 * thread and back takes several times as long as the step.
 */
export const nodeDisk: Disk = {
  chmod: async (path, mode) => fs.chmodSync(path, mode),
  lstat: async (path) => fs.lstatSync(path),
  mkdir: async (path, options) => fs.mkdirSync(path, options),
  mkdtemp: async (prefix) => fs.mkdtempSync(prefix),
  readFile: async (path) => fs.readFileSync(path),
  readdir: async (path) => fs.readdirSync(path),
  realpath: async (path) => fs.realpathSync(path),
  rename: async (from, to) => fs.renameSync(from, to),
  rm: async (path, options) => fs.rmSync(path, options),
  rmdir: async (path) => fs.rmdirSync(path),
  stat: async (path) => fs.statSync(path),
  writeFile: async (path, content, options) => fs.writeFileSync(path, content, options),
};

/** What bundles are written with: values may hold secrets, so only the owner reads them. */
export const MODES = { file: 0o600, executable: 0o755, directory: 0o755 } as const;

const CODE_OF: ReadonlyMap<string, ErrorCode> = new Map([
  ["ENOENT", "NOT_FOUND"],
  ["EACCES", "NOT_ALLOWED"],
  ["EPERM", "NOT_ALLOWED"],
  ["EROFS", "NOT_ALLOWED"],
  ["ENAMETOOLONG", "INVALID_INPUT"],
  ["ENOTDIR", "CONFLICT"],
  ["EISDIR", "CONFLICT"],
  ["ENOTEMPTY", "CONFLICT"],
  ["EEXIST", "CONFLICT"],
]);

/** The system's name of an error: `ENOENT`; nothing for other errors. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** A failure of the file system as an error that names the path; any other error stays as it is. */
export function diskError(error: unknown, doing: string, path: string): unknown {
  const code = systemCode(error);
  if (error instanceof SlipwayError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new SlipwayError(CODE_OF.get(code) ?? "UNAVAILABLE", `${path} cannot be ${doing}: ${messageOf(error)}`, {
    cause: error,
  });
}

/** Follows no link. Nothing when the path does not exist. */
export async function lstatOf(disk: Pick<Disk, "lstat">, path: string): Promise<DiskInfo | undefined> {
  try {
    return await disk.lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
