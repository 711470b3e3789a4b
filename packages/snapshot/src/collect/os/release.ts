import type { Subtype } from "../../model.ts";
import type { Host } from "../host.ts";

const MAX_BYTES = 64 * 1024;
const PLACES = ["/etc/os-release", "/usr/lib/os-release"] as const;

/**
 * Takes an os-release file apart by os-release(5): assignments as a shell takes them, without expansion of variables.
 * Lines that are none, and comments, are skipped; of a name that is assigned twice the last value counts.
 */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const data = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) data.set(name, unquoted(value.trim()));
  }
  return data;
}

/** A quoted piece in single or in double quotes, a bare piece, a space. A quote that is not closed ends with the line. */
const PIECE = /'([^']*)'?|"((?:\\[\s\S]|[^"\\])*)"?|((?:\\[\s\S]|[^'"\\\s])+)|(\s)/g;

/** A shell word of quoted and bare pieces; it ends at the first bare space. */
function unquoted(word: string): string {
  let text = "";
  for (const [, single, double, bare, space] of word.matchAll(PIECE)) {
    if (space !== undefined) break;
    text += single ?? double?.replace(/\\(["$`\\])/g, "$1") ?? bare?.replace(/\\([\s\S])/g, "$1") ?? "";
  }
  return text;
}

/** The subtype `release`: /etc/os-release, else /usr/lib/os-release; nothing when neither can be read. */
export function release(host: Host): Subtype | undefined {
  for (const path of PLACES) {
    const found = host.files.read(path, MAX_BYTES);
    if (found.kind === "text") return { name: "release", data: parseOsRelease(found.text) };
  }
  return undefined;
}
