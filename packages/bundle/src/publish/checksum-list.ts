import { pathFault } from "../bundle-path.ts";

/** A line of checksums.txt. */
export interface ChecksumEntry {
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** What a checksums.txt says: the lines that can be used, and what is wrong with the others. */
export interface ChecksumList {
  readonly entries: readonly ChecksumEntry[];
  readonly faults: readonly string[];
}

/** Most bytes of a checksums.txt that is read: a line for each file that a bundle may have. */
export const MAX_CHECKSUMS_BYTES = 16 * 1024 * 1024;

/**
 * Reads a checksums.txt, `SHA256`, two spaces and a relative path a line, as sha256sum writes it. Blank lines do not
 * count. A line that cannot be read, a path outside of the bundle and a repeated path are faults, never errors.
 */
export function readChecksumList(text: string): ChecksumList {
  const entries = new Map<string, ChecksumEntry>();
  const faults: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const { sum, path } = LINE.exec(line)?.groups ?? {};
    if (sum === undefined || path === undefined) {
      faults.push(`checksums.txt:${index + 1}: expected a SHA-256 sum, two spaces and a path, found ${shown(line)}`);
      continue;
    }
    const fault = pathFault(path) ?? (entries.has(path) ? "the path is listed twice" : undefined);
    if (fault === undefined) entries.set(path, { path, sha256: sum.toLowerCase() });
    else faults.push(`checksums.txt:${index + 1}: ${shown(path)}: ${fault}`);
  }
  return { entries: [...entries.values()], faults };
}

const LINE = /^(?<sum>[\da-f]{64}) {2}(?<path>.+)$/isu;

function shown(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
