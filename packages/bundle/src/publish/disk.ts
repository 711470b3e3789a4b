import type * as fs from "node:fs/promises";
import { SlipwayError, messageOf, type ErrorCode } from "@slipway/base";

/** The parts of Node's file system that writing a bundle uses; tests make single steps of it fail. */
export type Disk = Pick<
  typeof fs,
  | "chmod"
  | "lstat"
  | "mkdir"
  | "mkdtemp"
  | "readFile"
  | "readdir"
  | "realpath"
  | "rename"
  | "rm"
  | "rmdir"
  | "stat"
  | "writeFile"
>;

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
export async function lstatOf(
  disk: Pick<Disk, "lstat">,
  path: string,
): Promise<Awaited<ReturnType<Disk["lstat"]>> | undefined> {
  try {
    return await disk.lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
