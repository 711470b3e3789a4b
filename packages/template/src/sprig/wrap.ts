import { binaryOf, byteLength, byteSlice, ofBinary } from "../utf8.ts";

/** Sprig's `abbrev`: a text cut to a width in bytes that includes `...`; widths below 4 leave it as it is. */
export function abbreviate(width: number, text: string): string {
  if (width < 4 || byteLength(text) <= width) return text;
  return `${byteSlice(text, 0, width - 3)}...`;
}

/**
 * Breaks a text at blanks so that lines are at most `width` bytes long (Apache Commons WordUtils.wrap).
 *
 * @param breaksWords whether words longer than a line are cut; else they stand on a line of their own
 */
export function wrap(text: string, width: number, separator: string, breaksWords: boolean): string {
  return ofBinary(wrapBytes(binaryOf(text), width, binaryOf(separator), breaksWords));
}

function wrapBytes(text: string, width: number, separator: string, breaksWords: boolean): string {
  const limit = Math.max(width, 1);
  const lines: string[] = [];
  let at = 0;
  while (text.length - at > limit) {
    if (text.charAt(at) === " ") {
      at++;
      continue;
    }
    const blank = text.lastIndexOf(" ", at + limit);
    const end = blank >= at ? blank : breaksWords ? at + limit : text.indexOf(" ", at + limit);
    if (end < 0) break;
    lines.push(text.slice(at, end));
    at = blank < at && breaksWords ? end : end + 1;
  }
  return [...lines, text.slice(at)].join(separator);
}
