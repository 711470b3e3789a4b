import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const main = join(import.meta.dirname, "main.ts");

test("the program runs from its sources, with the catalog of this repository", () => {
  const args = ["query", "--service", "eks", "--selector", "components.gpu-operator.name"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([0, "gpu-operator\n", ""]);
});

/** Everything that is loaded before a command is chosen: the static imports, followed through our own packages. */
function loadedAtStart(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type\b)[^;]*?from "([^"]+)"/gm);
  for (const [, name = ""] of imports) {
    const target = name.startsWith(".") ? join(dirname(file), name) : fileOf(name);
    if (existsSync(target)) loadedAtStart(target, seen);
    else seen.add(name);
  }
  return seen;
}

function fileOf(name: string): string {
  if (name === "#built-in") return join(import.meta.dirname, "built-in-directory.ts");
  return name.replace(/^@slipway\/(\w+)$/, join(import.meta.dirname, "../../../packages/$1/src/index.ts"));
}

test("start-up loads no command, no recipe or bundle code, and no help", () => {
  const names = [...loadedAtStart(main)].map((file) => file.replace(/^.*\/(packages|apps)\//, "$1/"));
  expect(names).toContain("packages/terminal/src/program.ts");
  expect(names.filter((name) => /recipe|bundle|commands|help\.ts|completion\/|commander|documents/.test(name))).toEqual(
    [],
  );
});
