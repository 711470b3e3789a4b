import { SlipwayError } from "@slipway/base";
import type { BundleFile } from "../model.ts";
import { openContents } from "./contents.ts";
import { diskError } from "./disk.ts";
import { SCAN_LIMITS, type ScanLimits } from "./scan-archive.ts";

/**
 * Reads a bundle's folder or `.tar.gz` into memory. The checksums are not compared: see {@link verifyBundle}.
 *
 * @returns the files sorted by path; text that is UTF-8 as text
 * @throws SlipwayError INVALID_INPUT for a link, a device or a path that leaves the bundle; TOO_LARGE beyond the limits;
 * NOT_FOUND and others when the source cannot be read
 */
export async function readBundle(
  source: string,
  options: { readonly limits?: ScanLimits | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly BundleFile[]> {
  const limits = options.limits ?? SCAN_LIMITS;
  const contents = await openContents(source, { ...options, limits, content: "all" });
  const [fault] = contents.faults;
  if (fault !== undefined) {
    throw new SlipwayError("INVALID_INPUT", `${source}: ${JSON.stringify(fault[0])}: ${fault[1]}`, {
      hint: "Make the bundle anew, or take this out of it.",
    });
  }
  const total = [...contents.files.values()].reduce((sum, file) => sum + file.size, 0);
  if (total > limits.maxBytes) throw new SlipwayError("TOO_LARGE", `${source} holds ${total} bytes: this is no bundle`);
  const files: BundleFile[] = [];
  for (const [path, file] of contents.files) {
    options.signal?.throwIfAborted();
    try {
      files.push({ path, content: textOrBytes(await file.read()), executable: file.executable });
    } catch (error) {
      throw diskError(error, "read", `${source}/${path}`);
    }
  }
  return files;
}

function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  if (bytes.includes(0)) return bytes;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
