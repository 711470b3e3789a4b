import { gunzipSync } from "node:zlib";
import { SlipwayError, messageOf, parseJson, textAt } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";

/** What a Secret of Helm says about a release; values, templates and manifests are not kept. */
export interface HelmRecord {
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
  readonly status: string;
}

/** What a release is unpacked to at most; a Secret holds 1 MiB, and real releases are a few MiB. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Reads the release that Helm stored in a Secret: JSON, compressed, in base64, and that in base64 as Secrets are.
 *
 * @throws SlipwayError INVALID_INPUT when it is none, TOO_LARGE when it unpacks to more than 32 MiB
 */
export function readHelmSecret(secret: KubeObject): HelmRecord {
  const release = parseJson(unpacked(textAt(secret, "data", "release")));
  const chart = textAt(release, "chart", "metadata", "name");
  if (chart === "") throw new SlipwayError("INVALID_INPUT", "the release names no chart");
  return {
    chart,
    version: textAt(release, "chart", "metadata", "version"),
    appVersion: textAt(release, "chart", "metadata", "appVersion"),
    status: textAt(release, "info", "status"),
  };
}

const GZIP = [0x1f, 0x8b, 0x08] as const;

function unpacked(data: string): string {
  const bytes = Buffer.from(Buffer.from(data, "base64").toString("latin1"), "base64");
  // Helm 2 did not compress, and Helm still reads that.
  if (!GZIP.every((sign, index) => bytes[index] === sign)) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES }).toString("utf8");
  } catch (error) {
    if (error instanceof RangeError) throw new SlipwayError("TOO_LARGE", "the release unpacks to more than 32 MiB");
    throw new SlipwayError("INVALID_INPUT", `the release cannot be unpacked: ${messageOf(error)}`, { cause: error });
  }
}
