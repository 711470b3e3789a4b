import { resolve } from "node:path";
import { SlipwayError } from "@slipway/base";
import { isOciReference, parseOciReference, type OciReference } from "@slipway/bundle/oci-reference";

/** Where a bundle goes. */
export type BundleTarget =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "archive"; readonly path: string }
  | { readonly kind: "registry"; readonly reference: OciReference };

/**
 * Reads `--output`; an empty text is the current folder. Paths become absolute.
 *
 * @param version the tag where an address has none
 * @throws SlipwayError USAGE for a place that no bundle can be written to
 */
export function parseBundleTarget(text: string, cwd: string, version: string): BundleTarget {
  const output = text.trim() === "" ? "." : text;
  if (isOciReference(output)) return { kind: "registry", reference: parseOciReference(output, version) };
  if (output === "-" || /^[a-z][a-z0-9+.-]*:\/\//i.test(output)) {
    throw new SlipwayError("USAGE", `a bundle cannot be written to "${output}"`, {
      hint: "Name a folder, an archive that ends with .tar.gz, or a registry: oci://HOST/REPOSITORY:TAG.",
    });
  }
  return { kind: isArchiveName(output) ? "archive" : "directory", path: resolve(cwd, output) };
}

/** Whether a path is that of a bundle's archive. */
export function isArchiveName(path: string): boolean {
  return /\.(?:tar\.gz|tgz)$/i.test(path);
}
