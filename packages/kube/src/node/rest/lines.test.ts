import { rejectionOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf } from "./lines.ts";

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const size of sizes) yield bytes.subarray(start, (start += size));
  yield bytes.subarray(start);
}

async function read(text: string, sizes: readonly number[] = [], maxBytes = 1000): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunksOf(new TextEncoder().encode(text), sizes), maxBytes)) lines.push(line);
  return lines;
}

test("lines are the same however the bytes are cut", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(9)), async (lines, sizes) => {
      expect(await read(lines.join("\n"), sizes)).toEqual(lines.filter((text) => text.trim() !== ""));
    }),
  );
});

test("a line beyond the limit is refused before it has ended", async () => {
  expect(await read(`${"x".repeat(10)}\n`, [], 10)).toEqual(["x".repeat(10)]);
  const error = await rejectionOf(read("x".repeat(11), [], 10));
  expect([error.code, error.message]).toEqual(["TOO_LARGE", "a line of the watch is larger than 10 bytes"]);
});
