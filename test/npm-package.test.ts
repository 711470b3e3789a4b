import { access, constants, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, type Outcome } from "./aicr.ts";
import { built } from "./built.ts";
import { sourceTranscript, transcript } from "./calls.ts";

// Packs the npm package, installs it into an empty folder, and runs it with the Node that the machine has, not with ours.

let folder: string;
let path: string;
let npmPackage: string;

beforeAll(async () => {
  ({ npmPackage } = await built());
  path = (process.env["PATH"] ?? "")
    .split(":")
    .filter((part) => !part.includes("node_modules"))
    .join(":");
  folder = await mkdtemp(join(tmpdir(), "slipway-npm-"));
  await writeFile(join(folder, "package.json"), '{"private": true}\n');
  const { stdout } = await npm("pack", npmPackage, "--silent");
  await npm("install", stdout.trim(), "--offline", "--no-audit", "--no-fund");
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function npm(...argv: readonly string[]): Promise<Outcome> {
  const outcome = await call(["npm"], argv, { cwd: folder, env: { PATH: path }, limit: 100_000 });
  if (outcome.exit !== 0) throw new Error(`npm ${argv.join(" ")} ended with ${outcome.exit}: ${outcome.stderr}`);
  return outcome;
}

/** The first program of a name on the machine's own path. */
async function onPath(name: string): Promise<string> {
  for (const part of path.split(":")) {
    const found = await access(join(part, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return join(part, name);
  }
  throw new Error(`there is no ${name} on ${path}`);
}

test("the package holds plain JavaScript, its licence and its page, and needs no other package", async () => {
  const at = join(folder, "node_modules/@slipway/aicr");
  expect((await readdir(at)).toSorted()).toEqual(["LICENSE", "README.md", "bin", "package.json"]);
  expect((await readdir(join(at, "bin"))).filter((name) => !name.endsWith(".mjs"))).toEqual([]);
  expect(JSON.parse(await readFile(join(at, "package.json"), "utf8"))).not.toHaveProperty("dependencies");
  expect(await readdir(join(folder, "node_modules/@slipway"))).toEqual(["aicr"]);
});

test("npx runs it", async () => {
  const npx = async (...argv: readonly string[]): Promise<Outcome> =>
    await call(["npx"], ["--no", "--", "aicr", ...argv], { cwd: folder, env: { PATH: path } });
  expect(await npx("--version")).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^aicr version \d/) });
  expect(await npx("recipe", "--service", "eks", "-o", "r.yaml")).toMatchObject({ exit: 0, stdout: "" });
  expect(await npx("bundle", "-r", "r.yaml", "-o", "out")).toMatchObject({ exit: 0 });
  expect(await npx("verify", "out")).toMatchObject({ exit: 0 });
});

test("it says and writes what the sources do", { timeout: 120_000 }, async () => {
  const program = [await onPath("node"), join(folder, "node_modules/.bin/aicr")];
  expect(await transcript(program)).toEqual(await sourceTranscript());
});
