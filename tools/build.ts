/**
 * `npm run build`: compiles the catalog to JSON, then
 * - `dist/bin/aicr`, one file with the catalog inside, compiled with Bun;
 * - `dist/npm/aicr`, an npm package of plain JavaScript for Node 20 and newer.
 */
import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compileCatalog, openDataDirectory } from "@slipway/recipe";
import { nodeFiles } from "@slipway/terminal";
import { build as bundle } from "esbuild";

const root = join(import.meta.dirname, "..");
const entry = join(root, "apps/aicr/src/main.ts");
/** The condition of package.json imports that swaps the YAML catalog for the compiled one. */
const CONDITION = "slipway-compiled";

const version: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8")).version;
await rm(join(root, "dist"), { recursive: true, force: true });
await writeCompiledCatalog();
compileBinary();
await bundlePackage();

async function writeCompiledCatalog(): Promise<void> {
  const compiled = await compileCatalog(await openDataDirectory(nodeFiles({ cwd: root }), "catalog"));
  const folder = join(root, "apps/aicr/compiled");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "catalog.txt"), JSON.stringify(compiled));
  const info = { version, commit: git("rev-parse", "--short=12", "HEAD"), date: git("log", "-1", "--format=%cI") };
  await writeFile(join(folder, "build-info.txt"), JSON.stringify(info));
}

function compileBinary(): void {
  const bun = join(root, "node_modules/.bin/bun");
  // Split, a command loads only its own code: half the start of one chunk.
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting", `--conditions=${CONDITION}`];
  execFileSync(bun, ["build", ...flags, entry, "--outfile", join(root, "dist/bin/aicr")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function bundlePackage(): Promise<void> {
  const folder = join(root, "dist/npm/aicr");
  await bundle({
    entryPoints: { aicr: entry },
    outdir: join(folder, "bin"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    conditions: [CONDITION],
    outExtension: { ".js": ".mjs" },
    banner: {
      js: 'import { createRequire as createRequireOfSlipway } from "node:module"; const require = createRequireOfSlipway(import.meta.url);',
    },
    logLevel: "warning",
  });
  const launcher = join(folder, "bin/aicr.mjs");
  await writeFile(launcher, `#!/usr/bin/env node\n${await readFile(launcher, "utf8")}`);
  await chmod(launcher, 0o755);
  const manifest = {
    name: "@slipway/aicr",
    version,
    description: "Recipes and bundles for Kubernetes GPU clusters",
    license: "Apache-2.0",
    type: "module",
    bin: { aicr: "bin/aicr.mjs" },
    files: ["bin"],
    engines: { node: ">=20" },
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
  await cp(join(root, "README.md"), join(folder, "README.md"));
}

/** What git says, or "unknown" in a copy without history. */
function git(...args: readonly string[]): string {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}
