import { SlipwayError } from "@slipway/base";
import type { BundleFile } from "./model.ts";

/** The bytes of a file; text is UTF-8. */
export function bytesOf(file: Pick<BundleFile, "content">): Uint8Array {
  return typeof file.content === "string" ? new TextEncoder().encode(file.content) : file.content;
}

/**
 * Why a path may not be part of a bundle: it must name one file below the root, in one spelling, on every system.
 *
 * @returns nothing when the path is fine
 */
export function pathFault(path: string): string | undefined {
  if (path === "") return "the path is empty";
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) return "the path is absolute";
  if (path.includes("\\")) return "the path has a backslash";
  if (/[\u0000-\u001f\u007f]/.test(path)) return "the path has a control character";
  const parts = path.split("/");
  if (parts.includes("..")) return "the path leaves the bundle";
  if (parts.some((part) => part === "" || part === ".")) return "the path has an empty part";
  return path.length > MAX_PATH || parts.some((part) => part.length > MAX_NAME) ? "the path is too long" : undefined;
}

/** Throws INVALID_INPUT when a path may not be part of a bundle. See {@link pathFault}. */
export function checkBundlePath(path: string): void {
  const fault = pathFault(path);
  if (fault !== undefined)
    throw new SlipwayError("INVALID_INPUT", `${JSON.stringify(path)} is no path of a bundle: ${fault}`);
}

/**
 * Makes sure that files can be those of a bundle: no path leaves it, is there twice, or is a folder of another.
 *
 * @throws SlipwayError INVALID_INPUT that names the paths
 */
export function checkPaths(files: readonly Pick<BundleFile, "path">[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    checkBundlePath(path);
    if (seen.has(path)) throw clash(path, path);
    seen.add(path);
  }
  for (const { path } of files) {
    const parts = path.split("/").slice(0, -1);
    const folders = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    const file = folders.find((folder) => seen.has(folder));
    if (file !== undefined) throw clash(path, file);
  }
}

function clash(path: string, other: string): SlipwayError {
  const both = path === other ? `two files named ${path}` : `both ${other} and ${path}`;
  return new SlipwayError("INVALID_INPUT", `the bundle cannot hold ${both}`, {
    hint: "Rename the component, or the file that is added to the bundle.",
  });
}

const MAX_PATH = 1024;
const MAX_NAME = 255;
