import { SlipwayError } from "./errors.ts";

/**
 * The text of bytes that come from outside; a byte order mark at the start is dropped.
 *
 * @param file name for error messages
 * @throws SlipwayError INVALID_INPUT for bytes that are not UTF-8, and for a NUL byte with its line and column
 */
export function utf8Text(bytes: Uint8Array, file?: string): string {
  const text = decoded(bytes, file);
  refuseNul(text, file);
  return text;
}

function decoded(bytes: Uint8Array, file: string | undefined): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SlipwayError("INVALID_INPUT", "expected UTF-8 text, found other bytes", { place: { file }, cause });
  }
}

/** Throws INVALID_INPUT with line and column where a text holds a NUL byte. */
export function refuseNul(text: string, file: string | undefined): void {
  const at = text.indexOf("\0");
  if (at < 0) return;
  const before = text.slice(0, at).split("\n");
  const place = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  throw new SlipwayError("INVALID_INPUT", "a NUL byte: this is not a text file", { place });
}
