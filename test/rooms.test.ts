import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** The arrows of the house: what each room may import of ours. A new arrow is a decision in docs/decisions. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "packages/base": [],
  "packages/template": ["base"],
  "packages/recipe": ["base"],
  "packages/bundle": ["base", "recipe", "template"],
  "packages/kube": ["base"],
  "packages/snapshot": ["base", "kube"],
  "packages/validate": ["base", "kube", "recipe", "snapshot"],
  "packages/serving": ["base", "kube"],
  "packages/sim": ["base", "kube", "serving"],
  "packages/terminal": ["base"],
  "apps/aicr": ["base", "bundle", "kube", "recipe", "snapshot", "template", "terminal", "validate"],
  "apps/kubectl-nim": ["base", "kube", "serving", "terminal"],
};

/** Entries that must run in a browser as they are. */
const BROWSER_SAFE = ["base", "template", "kube", "recipe", "bundle", "snapshot", "validate", "serving"];

const root = join(import.meta.dirname, "..");

async function sourcesOf(room: string): Promise<readonly string[]> {
  const names = await readdir(join(root, room, "src"), { recursive: true });
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(root, room, "src", name));
}

async function importsOf(file: string): Promise<readonly string[]> {
  const source = await readFile(file, "utf8");
  return [...source.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map((match) => match[1] ?? "");
}

test("the table of rooms lists every package and app", async () => {
  const rooms = await Promise.all(
    ["packages", "apps"].map(async (parent) => (await readdir(join(root, parent))).map((name) => `${parent}/${name}`)),
  );
  expect(rooms.flat().toSorted()).toEqual(Object.keys(ROOMS).toSorted());
});

test.each(Object.entries(ROOMS))("%s imports only what the house allows", async (room, allowed) => {
  const own = room.split("/")[1] ?? "";
  const used = new Set<string>();
  for (const file of await sourcesOf(room)) {
    for (const name of await importsOf(file)) {
      const match = /^@slipway\/([^/]+)/.exec(name);
      if (match?.[1] !== undefined && match[1] !== own) used.add(match[1]);
      expect(name, `${file} reaches into another room`).not.toMatch(/^(\.\.\/)+(packages|apps)\//);
    }
  }
  expect([...used].filter((name) => !allowed.includes(name))).toEqual([]);
});

test.each(Object.entries(ROOMS))("%s names its rooms in package.json", async (room, allowed) => {
  const manifest: unknown = JSON.parse(await readFile(join(root, room, "package.json"), "utf8"));
  expect(manifest).toMatchObject({
    dependencies: Object.fromEntries(allowed.map((name) => [`@slipway/${name}`, expect.any(String)])),
  });
});

test.each(BROWSER_SAFE)("@slipway/%s bundles for a browser", async (name) => {
  const result = await build({
    entryPoints: [join(root, "packages", name, "src/index.ts")],
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
    logLevel: "silent",
  });
  expect([result.errors, result.warnings]).toEqual([[], []]);
});
