import { SlipwayError } from "./errors.ts";

/**
 * The text of bytes that come from outside; a byte order mark at the start is dropped.
 *
 * @param file name for error messages
 * @throws SlipwayError INVALID_INPUT for bytes that are not UTF-8
 */
export function utf8Text(bytes: Uint8Array, file?: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SlipwayError("INVALID_INPUT", "expected UTF-8 text, found other bytes", { place: { file }, cause });
  }
}
