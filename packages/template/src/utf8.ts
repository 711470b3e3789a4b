import { FunctionError } from "./function-error.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Whether every sign of a text is one byte in UTF-8, so that bytes and JavaScript's units count the same. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7f) return false;
  }
  return true;
}

/** The bytes of a text in UTF-8. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The text that UTF-8 bytes stand for; bytes that are no UTF-8 become U+FFFD. */
function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Go's `len` of a text: its bytes. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : encoder.encode(text).length;
}

/**
 * Go's `text[start:end]`, which counts bytes. Where Go would cut a sign in two, its broken bytes become U+FFFD.
 *
 * @throws FunctionError when the range is not within the text
 */
export function byteSlice(text: string, start: number, end: number): string {
  const bytes = isAscii(text) ? undefined : encoder.encode(text);
  const length = bytes?.length ?? text.length;
  if (start < 0 || end < start || end > length) {
    throw new FunctionError(`the range ${start} to ${end} is not within a text of ${length} bytes`);
  }
  return bytes === undefined ? text.slice(start, end) : textOf(bytes.subarray(start, end));
}

/** A text with one unit for each byte of the given one in UTF-8, for what counts or moves bytes. */
export function binaryOf(text: string): string {
  let binary = "";
  for (const byte of encoder.encode(text)) binary += String.fromCharCode(byte);
  return binary;
}

/** The text of which {@link binaryOf} has the bytes. */
export function ofBinary(binary: string): string {
  return decoder.decode(Uint8Array.from(binary, (unit) => unit.charCodeAt(0)));
}

/** The signs (code points) of a text. */
export function signsOf(text: string): readonly string[] {
  return Array.from(text);
}
