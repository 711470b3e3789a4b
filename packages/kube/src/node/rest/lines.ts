import { SlipwayError } from "@slipway/base";

const NEWLINE = 0x0a;

/**
 * The lines of a stream of bytes, as they come; empty ones are left out.
 *
 * @throws SlipwayError TOO_LARGE for a line beyond `maxBytes`, before more of it is kept
 */
export async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string, void, undefined> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const take = (): string => {
    const line = Buffer.concat(parts, size).toString("utf8");
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      parts.push(chunk.subarray(start, end));
      size += end - start;
      const line = take();
      if (line.trim() !== "") yield line;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > maxBytes) throw new SlipwayError("TOO_LARGE", `a line of the watch is larger than ${maxBytes} bytes`);
  }
  const rest = take();
  if (rest.trim() !== "") yield rest;
}
