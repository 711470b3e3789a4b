import { dirname, join } from "node:path";
import { CHECKSUMS_FILE, sha256Of } from "../checksums.ts";
import { MAX_CHECKSUMS_BYTES, readChecksumList, type ChecksumEntry } from "./checksum-list.ts";
import { lstatOf, type Disk } from "./disk.ts";

/** What an older bundle left in a folder. */
export interface Leftovers {
  /** SHA-256 by path of everything that the older bundle lists. */
  readonly listed: ReadonlyMap<string, string>;
  /** Files of the older bundle that the new one lacks, as they were written. */
  readonly stale: readonly string[];
  /** The same, but changed since: they may hold somebody's work. */
  readonly changed: readonly string[];
}

/** Files that only a bundle lists; a checksums.txt without any of them belongs to something else. */
const MARKS = ["recipe.yaml", "deploy.sh", "app-of-apps.yaml"];

/**
 * The files of an older bundle in a folder, by its checksums.txt, that a new bundle does not replace.
 *
 * @param root the folder, with links resolved
 * @param replaced paths of the new bundle
 */
export async function leftoversOf(disk: Disk, root: string, replaced: ReadonlySet<string>): Promise<Leftovers> {
  const listed = await listedFiles(disk, root);
  const stale: string[] = [];
  const changed: string[] = [];
  for (const { path, sha256 } of listed) {
    if (replaced.has(path) || !(await isPlainFile(disk, root, path))) continue;
    const actual = await sha256Of(await disk.readFile(join(root, path)));
    (actual === sha256 ? stale : changed).push(path);
  }
  return { listed: new Map(listed.map(({ path, sha256 }) => [path, sha256])), stale: stale.sort(), changed };
}

async function listedFiles(disk: Disk, root: string): Promise<readonly ChecksumEntry[]> {
  const file = join(root, CHECKSUMS_FILE);
  const info = await lstatOf(disk, file);
  if (info === undefined || !info.isFile() || info.size > MAX_CHECKSUMS_BYTES) return [];
  const { entries } = readChecksumList(new TextDecoder("utf-8", { ignoreBOM: true }).decode(await disk.readFile(file)));
  return entries.some(({ path }) => MARKS.includes(path)) ? entries : [];
}

async function isPlainFile(disk: Disk, root: string, path: string): Promise<boolean> {
  for (const folder of foldersOf(path)) {
    if ((await lstatOf(disk, join(root, folder)))?.isDirectory() !== true) return false;
  }
  return (await lstatOf(disk, join(root, path)))?.isFile() === true;
}

/** The folders above a relative path, outermost first: `a/b/c` gives `a` and `a/b`. */
export function foldersOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === "." ? [] : [...foldersOf(parent), parent];
}
