import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { built } from "./built.ts";

const ROOT = join(import.meta.dirname, "..");
const DOCKERFILE = join(ROOT, "images/aicr/Dockerfile");

interface Instruction {
  readonly name: string;
  readonly words: readonly string[];
}

/** The stages of a Dockerfile, each with its instructions; comments are left out and continued lines joined. */
async function stagesOf(path: string): Promise<readonly (readonly Instruction[])[]> {
  const text = (await readFile(path, "utf8")).replaceAll(/^\s*#.*$/gm, "").replaceAll(/\\\n/g, " ");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [name = "", ...words] = line.trim().split(/\s+/);
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, words });
  }
  return stages;
}

async function finalStage(): Promise<readonly Instruction[]> {
  return (await stagesOf(DOCKERFILE)).at(-1) ?? [];
}

function copies(stage: readonly Instruction[]): readonly (readonly string[])[] {
  return stage.filter(({ name }) => name === "COPY").map(({ words }) => words);
}

test("the image runs as a number that is not root, and starts without a shell", async () => {
  const stage = await finalStage();
  expect(stage.findLast(({ name }) => name === "USER")?.words).toEqual(["65532:65532"]);
  expect(stage.findLast(({ name }) => name === "ENTRYPOINT")?.words).toEqual(['["/usr/local/bin/aicr"]']);
  expect(stage.map(({ name }) => name).filter((name) => ["RUN", "SHELL", "ADD", "CMD"].includes(name))).toEqual([]);
});

test("what the image copies is there after a build, and the build context holds nothing else", async () => {
  const { binary } = await built();
  const sources = copies(await finalStage())
    .filter((words) => !words.some((word) => word.startsWith("--from=")))
    .flatMap((words) => words.filter((word) => !word.startsWith("--")).slice(0, -1));
  expect(sources.map((source) => join(ROOT, source))).toEqual([binary]);
  expect((await stat(binary)).mode & 0o111).not.toBe(0);
  const ignored = (await readFile(`${DOCKERFILE}.dockerignore`, "utf8")).trim().split("\n");
  expect(ignored).toEqual(["*", ...sources.map((source) => `!${source}`)]);
});

test("stages that are copied from are there", async () => {
  const stages = await stagesOf(DOCKERFILE);
  const named = stages.map(([from]) => from?.words).map((words) => words?.at(-1));
  const wanted = copies(await finalStage()).flatMap((words) => words.filter((word) => word.startsWith("--from=")));
  expect(wanted.map((word) => named.includes(word.slice("--from=".length)))).toEqual([true]);
});

test("the program needs no library beyond those of glibc, which the base image has", async () => {
  const { binary } = await built();
  const { stdout } = await promisify(execFile)("ldd", [binary]);
  const libraries = stdout.match(/\S+\.so\S*/g) ?? [];
  const names = new Set(libraries.map((library) => basename(library).replace(/\.so.*/, "")));
  const glibc = ["ld-linux-x86-64", "ld-linux-aarch64", "libc", "libdl", "libm", "libpthread", "linux-vdso"];
  expect([...names].filter((name) => !glibc.includes(name))).toEqual([]);
  expect(names).toContain("libc");
});
