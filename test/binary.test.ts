import { expect, test } from "vitest";
import { call } from "./aicr.ts";
import { built } from "./built.ts";
import { sourceTranscript, transcript } from "./calls.ts";

test("the compiled program says and writes what the sources do", { timeout: 120_000 }, async () => {
  const { binary } = await built();
  const told = await transcript([binary]);
  expect(told).toEqual(await sourceTranscript());
  const ends = Object.groupBy(Object.values(told), ({ exit }) => exit);
  expect(Object.keys(ends)).toEqual(["0", "1", "2", "3"]);
  expect(ends[0]?.length).toBeGreaterThan(25);
});

test("the compiled program knows its version", async () => {
  const { binary } = await built();
  expect(await call([binary], ["--version"], { cwd: "/" })).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^aicr version \d+\.\d+\.\d+ \(commit ([\da-f]{12}|unknown), .+\)\n$/),
    stderr: "",
  });
});
