import { SlipwayError, messageOf, type ErrorCode } from "@slipway/base";

const KNOWN: Readonly<Record<string, readonly [code: ErrorCode, meaning: string]>> = {
  ENOENT: ["NOT_FOUND", "no such file or directory"],
  EACCES: ["NOT_ALLOWED", "permission denied"],
  EPERM: ["NOT_ALLOWED", "not permitted"],
  EROFS: ["NOT_ALLOWED", "the file system is read-only"],
  ENOTDIR: ["INVALID_INPUT", "a part of the path is not a directory"],
  EISDIR: ["INVALID_INPUT", "this is a directory, a file is needed"],
  ENAMETOOLONG: ["INVALID_INPUT", "the name is too long"],
  ELOOP: ["INVALID_INPUT", "too many symbolic links"],
  ERR_INVALID_ARG_VALUE: ["INVALID_INPUT", "not a valid path"],
  ENOSPC: ["UNAVAILABLE", "no space is left on the device"],
  EDQUOT: ["UNAVAILABLE", "the disk quota is used up"],
  EMFILE: ["UNAVAILABLE", "too many open files"],
};

/** Node's code of an error, such as ENOENT; an empty text when it has none. */
export function nodeCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** A failure of the file system as a SlipwayError that names the path. A SlipwayError gets the path alone. */
export function fileError(error: unknown, path: string): SlipwayError {
  if (error instanceof SlipwayError) return error.at({ file: path });
  const [code, meaning] = KNOWN[nodeCode(error)] ?? ["UNAVAILABLE", messageOf(error)];
  return new SlipwayError(code, meaning, { place: { file: path }, cause: error });
}
