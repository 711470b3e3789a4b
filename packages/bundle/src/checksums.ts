import { compareBytes } from "@slipway/base";
import { bytesOf } from "./bundle-path.ts";
import type { BundleFile } from "./model.ts";

/** The name of the file that lists the checksums of all others. */
export const CHECKSUMS_FILE = "checksums.txt";

/** The text of `checksums.txt`: digest, two spaces and path for each file, sorted by path, as `sha256sum -c` reads it. */
export async function checksumsOf(files: readonly BundleFile[]): Promise<string> {
  const sorted = [...files].sort((left, right) => compareBytes(left.path, right.path));
  const lines = await Promise.all(sorted.map(async (file) => `${await sha256Of(file.content)}  ${file.path}\n`));
  return lines.join("");
}

/** SHA-256 of a content in lower-case hexadecimal; text counts as UTF-8. */
export async function sha256Of(content: string | Uint8Array): Promise<string> {
  const digest = new DataView(await crypto.subtle.digest("SHA-256", new Uint8Array(bytesOf({ content }))));
  return [0, 8, 16, 24].map((at) => digest.getBigUint64(at).toString(16).padStart(16, "0")).join("");
}
