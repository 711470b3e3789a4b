import { createHash } from "node:crypto";
import { bytesOf } from "../bundle-path.ts";
import { CHECKSUMS_FILE } from "../checksums.ts";
import type { BundleFile } from "../model.ts";

/** Files of a bundle by path; scripts are executable. `checksums.txt` is added and right. */
export function bundleOf(contents: Readonly<Record<string, string>>): { readonly files: readonly BundleFile[] } {
  const files = filesOf(contents);
  const lines = files.map((file) => `${createHash("sha256").update(bytesOf(file)).digest("hex")}  ${file.path}\n`);
  return { files: [...filesOf({ [CHECKSUMS_FILE]: lines.join("") }), ...files].sort(byPath) };
}

/** Files by path, without checksums. */
export function filesOf(contents: Readonly<Record<string, string>>): readonly BundleFile[] {
  return Object.entries(contents).map(([path, content]) => ({ path, content, executable: path.endsWith(".sh") }));
}

function byPath(left: BundleFile, right: BundleFile): number {
  return left.path < right.path ? -1 : 1;
}
