/**
 * `npm run build`: compiles the catalog to JSON, then for each program
 * - `dist/bin/NAME`, one file with what the program brings along, compiled with Bun;
 * - `dist/npm/NAME`, an npm package of plain JavaScript for Node 20 and newer;
 * and `dist/bin/kubectl_complete-nim`, which kubectl asks what may follow `kubectl nim`.
 */
import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compileCatalog, openDataDirectory } from "@slipway/recipe";
import { nodeFiles } from "@slipway/terminal";
import { build as bundle } from "esbuild";

/** A program, and what its npm package says about it. */
interface Built {
  readonly name: string;
  readonly description: string;
}

const PROGRAMS: readonly Built[] = [
  { name: "aicr", description: "Recipes and bundles for Kubernetes GPU clusters" },
  { name: "kubectl-nim", description: "A kubectl plugin for NVIDIA NIM services and caches" },
];

const root = join(import.meta.dirname, "..");
/** The condition of package.json imports that swaps what is read from this repository for what was compiled. */
const CONDITION = "slipway-compiled";

const version: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8")).version;
await rm(join(root, "dist"), { recursive: true, force: true });
await writeCompiledCatalog();
for (const program of PROGRAMS) {
  await writeBuildInfo(program);
  compileBinary(program);
  await bundlePackage(program);
}
await writeCompleter();

async function writeCompiledCatalog(): Promise<void> {
  const compiled = await compileCatalog(await openDataDirectory(nodeFiles({ cwd: root }), "catalog"));
  const folder = join(root, "apps/aicr/compiled");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "catalog.txt"), JSON.stringify(compiled));
}

async function writeBuildInfo({ name }: Built): Promise<void> {
  const folder = join(root, "apps", name, "compiled");
  await mkdir(folder, { recursive: true });
  const info = { version, commit: git("rev-parse", "--short=12", "HEAD"), date: git("log", "-1", "--format=%cI") };
  await writeFile(join(folder, "build-info.txt"), JSON.stringify(info));
}

function compileBinary({ name }: Built): void {
  const bun = join(root, "node_modules/.bin/bun");
  // Split, a command loads only its own code: half the start of one chunk.
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting", `--conditions=${CONDITION}`];
  execFileSync(bun, ["build", ...flags, entryOf(name), "--outfile", join(root, "dist/bin", name)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** kubectl runs `kubectl_complete-NAME` with the words of the command line and reads what Cobra's programs answer. */
async function writeCompleter(): Promise<void> {
  const path = join(root, "dist/bin/kubectl_complete-nim");
  await writeFile(path, '#!/bin/sh\nexec kubectl-nim __complete "$@"\n');
  await chmod(path, 0o755);
}

async function bundlePackage({ name, description }: Built): Promise<void> {
  const folder = join(root, "dist/npm", name);
  await bundle({
    entryPoints: { [name]: entryOf(name) },
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
  const launcher = join(folder, `bin/${name}.mjs`);
  await writeFile(launcher, `#!/usr/bin/env node\n${await readFile(launcher, "utf8")}`);
  await chmod(launcher, 0o755);
  const manifest = {
    name: `@slipway/${name}`,
    version,
    description,
    license: "Apache-2.0",
    type: "module",
    bin: { [name]: `bin/${name}.mjs` },
    files: ["bin"],
    engines: { node: ">=20" },
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
  await cp(join(root, "README.md"), join(folder, "README.md"));
}

function entryOf(name: string): string {
  return join(root, "apps", name, "src/main.ts");
}

/** What git says, or "unknown" in a copy without history. */
function git(...args: readonly string[]): string {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}
