/**
 * `npm run conformance -- --runner RUN.mjs --data DIR --cases FILE... [options]`: builds `dist/bin/aicr` and runs a set of
 * conformance cases against it. The cases, their runner and their data are not part of this project; without them this
 * says so and ends with 2.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const outside = join(root, "../shared/conformance");
const given = process.argv.slice(2);
const runner = optionOf("--runner") ?? join(outside, "run.mjs");
const data = optionOf("--data") ?? join(outside, "../reference/aicr-recipes");
const cases = existsSync(join(outside, "public"))
  ? readdirSync(join(outside, "public")).map((name) => join(outside, "public", name))
  : [];

if (!existsSync(runner) || !existsSync(data)) {
  console.error("conformance: no cases here. Give --runner RUN.mjs --data DIR --cases FILE...");
  process.exitCode = 2;
} else {
  // A runner may compare its own path with the one that it was called by.
  const real = realpathSync(runner);
  const args = given.includes("--cases") ? given : [...given, "--cases", ...cases];
  const all = ["--bin", join(root, "dist/bin/aicr"), "--data", data, "--alone", "--out", "/dev/null", ...args];
  const { status, stdout } = spawnSync(process.execPath, [real, ...all], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["inherit", "pipe", "inherit"],
  });
  process.stdout.write(stdout);
  const isCounted = /^\s*total:/m.test(stdout);
  if (!isCounted) console.error("conformance: the runner did not say how many cases match (a line with total:)");
  process.exitCode = isCounted ? (status ?? 1) : 1;
}

function optionOf(name: string): string | undefined {
  const at = given.indexOf(name);
  return at < 0 ? undefined : given.splice(at, 2)[1];
}
