import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { build } from "./built.ts";

let root = "";
let made: string[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-built-"));
  made = [];
  await mkdir(join(root, "apps/one"), { recursive: true });
  await writeFile(join(root, "apps/one/main.ts"), "1");
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function ask(): Promise<void> {
  const output = join(root, "output");
  const make = async (): Promise<void> => {
    made.push("made");
    await writeFile(output, "");
  };
  await build(root, join(root, "cache"), make, [output]);
}

test("ten that ask at once share one build", async () => {
  await Promise.all(Array.from({ length: 10 }, ask));
  expect(made).toEqual(["made"]);
  expect(await readdir(join(root, "cache"))).toEqual(["stamp"]);
});

test("a changed source and a missing output are built again, a changed test is not", async () => {
  await ask();
  await writeFile(join(root, "apps/one/main.test.ts"), "2");
  await ask();
  expect(made).toHaveLength(1);
  await writeFile(join(root, "apps/one/main.ts"), "2");
  await ask();
  expect(made).toHaveLength(2);
  await rm(join(root, "output"));
  await ask();
  expect(made).toHaveLength(3);
});

test("a failed build leaves no stamp and no lock", async () => {
  const failing = build(root, join(root, "cache"), async () => await Promise.reject(new Error("no compiler")), []);
  await expect(failing).rejects.toThrow("no compiler");
  expect(await readdir(join(root, "cache"))).toEqual([]);
  await ask();
  expect(made).toHaveLength(1);
});

test("the lock of a process that is gone is taken over", async () => {
  await mkdir(join(root, "cache/lock"), { recursive: true });
  await writeFile(join(root, "cache/lock/owner"), "999999999");
  await ask();
  expect(made).toHaveLength(1);
});
