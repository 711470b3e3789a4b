import { beforeAll, describe, expect, test } from "vitest";
import { AICR_SOURCE } from "../aicr.ts";
import { built } from "../built.ts";
import { ARCHIVE_CASES } from "./archives.ts";
import { attempt, type HostileCase } from "./case.ts";
import { CLUSTER_CASES } from "./clusters.ts";
import { DOCUMENT_CASES } from "./documents.ts";
import { PLACE_CASES } from "./places.ts";
import { TEXT_CASES } from "./texts.ts";

// Every case runs the compiled program, which starts fast; some run the sources too, to see that both say the same.

const CASES: readonly HostileCase[] = [
  ...DOCUMENT_CASES,
  ...PLACE_CASES,
  ...TEXT_CASES,
  ...ARCHIVE_CASES,
  ...CLUSTER_CASES,
];
const SOME = CASES.filter((_, index) => index % 12 === 0);

let binary: readonly string[];

beforeAll(async () => {
  binary = [(await built()).binary];
});

test("there are more than a hundred cases, each with a name of its own", () => {
  expect(CASES.length).toBeGreaterThan(100);
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});

describe.concurrent.each([
  ["the program", CASES, () => binary],
  ["the sources", SOME, () => AICR_SOURCE],
] as const)("%s", (_name, cases, program) => {
  test.each(cases.map((hostile) => [hostile.name, hostile] as const))("%s", async (_case, hostile) => {
    const { exit, stdout, stderr, written } = await attempt(program(), hostile);
    expect({ exit, stdout, stderr, written }).toEqual({
      exit: hostile.exit,
      stdout: hostile.stdout ?? "",
      stderr: expectedText(hostile, stderr),
      written: [],
    });
  });
});

/** The text that must be on standard error: for a pattern the one that is, where it fits. */
function expectedText({ stderr: told }: HostileCase, stderr: string): string {
  if (typeof told === "string") return told;
  return told.test(stderr) ? stderr : String(told);
}

/** What costs most: large files, bombs, templates that grow. */
const COSTLY = CASES.filter(({ name }) =>
  /100 MB|alias bomb|300,000 lines|700,000 values|doubles itself|ranges in ranges|a range over|packed a thousandfold/.test(
    name,
  ),
);

test.skipIf(process.platform !== "linux")("refusing costs no more than 200 MB", { timeout: 60_000 }, async () => {
  expect(COSTLY.length).toBeGreaterThan(20);
  const costs: string[] = [];
  for (const hostile of COSTLY) {
    const { peakBytes } = await attempt(binary, hostile);
    if (peakBytes > 200 * 1024 * 1024) costs.push(`${hostile.name}: ${peakBytes} bytes`);
  }
  expect(costs).toEqual([]);
});
