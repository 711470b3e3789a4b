import { SlipwayError } from "@slipway/base";
import type { TransportResponse } from "../transport.ts";

/** More than any list of a page has; what is larger is not what was asked for. */
export const MAX_ANSWER = 256 * 1024 * 1024;

/**
 * The text of an answer's body.
 *
 * @throws SlipwayError TOO_LARGE beyond `maxBytes`, and as {@link TransportResponse.body} does
 */
export async function readText(response: TransportResponse, maxBytes: number = MAX_ANSWER): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) throw new SlipwayError("TOO_LARGE", `the server's answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

/** The start of a body, for errors; what goes wrong on the way ends it. */
export async function readStart(response: TransportResponse, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxBytes) break;
    }
  } catch {
    // The status says enough.
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
}
