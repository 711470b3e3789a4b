import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const TOOL = join(import.meta.dirname, "../tools/conformance.ts");

/** Does its work only when it is called by its real path, as runners do that can be imported too. */
const RUNNER = `import { fileURLToPath } from "node:url";
if (fileURLToPath(import.meta.url) === process.argv[1]) console.log("total: 3/3");
`;

async function runWith(runner: string): Promise<readonly unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    await mkdir(join(folder, "real"));
    await writeFile(join(folder, "real/run.mjs"), runner);
    await symlink(join(folder, "real"), join(folder, "link"));
    const words = [TOOL, "--runner", join(folder, "link/run.mjs"), "--data", folder, "--cases", "none.jsonl"];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    return [status, stdout, stderr];
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a runner behind a symbolic link does its work", async () => {
  expect(await runWith(RUNNER)).toEqual([0, "total: 3/3\n", ""]);
});

test("a runner that counts nothing has shown nothing", async () => {
  expect(await runWith("")).toEqual([
    1,
    "",
    "conformance: the runner did not say how many cases match (a line with total:)\n",
  ]);
});

test("what the runner says counts", async () => {
  const failing = `${RUNNER}process.exitCode = 1;\n`;
  expect(await runWith(failing)).toEqual([1, "total: 3/3\n", ""]);
});
