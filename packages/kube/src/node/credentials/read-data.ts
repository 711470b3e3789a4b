import { SlipwayError, utf8Text, type Files } from "@slipway/base";
import type { DataOrFile } from "../kubeconfig/model.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The text of certificate data: base64 in the kubeconfig, or a file.
 *
 * @param what names it in messages: `certificate-authority of the cluster "prod"`
 * @param file the kubeconfig that it stands in
 * @throws SlipwayError INVALID_INPUT, NOT_FOUND, NOT_ALLOWED
 */
export async function readData(
  { data, path }: DataOrFile,
  what: string,
  file: string,
  files: Files,
): Promise<string | undefined> {
  if (data !== undefined) return decodeBase64(data, what, file);
  if (path === undefined) return undefined;
  try {
    return utf8Text(await files.read(path, MAX_BYTES), path);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw new SlipwayError(error.code, `${what}: ${error.message}`, {
      place: error.place,
      hint: `${file} names this file.`,
      cause: error,
    });
  }
}

function decodeBase64(data: string, what: string, file: string): string {
  const packed = data.replaceAll(/\s/g, "");
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed))
    throw new SlipwayError("INVALID_INPUT", `${what}: expected base64`, { place: { file } });
  return Buffer.from(packed, "base64").toString("utf8");
}
