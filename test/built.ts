import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** What `npm run build` makes. */
export interface Built {
  /** aicr, compiled. */
  readonly binary: string;
  /** Folder of aicr's npm package. */
  readonly npmPackage: string;
  /** kubectl-nim, compiled; kubectl_complete-nim lies beside it. */
  readonly kubectlNim: string;
  /** What kubectl asks for completion of `kubectl nim`. */
  readonly completer: string;
}

const ROOT = join(import.meta.dirname, "..");
const CACHE = join(ROOT, "node_modules/.cache/slipway-build");
const BUILT: Built = {
  binary: join(ROOT, "dist/bin/aicr"),
  npmPackage: join(ROOT, "dist/npm/aicr"),
  kubectlNim: join(ROOT, "dist/bin/kubectl-nim"),
  completer: join(ROOT, "dist/bin/kubectl_complete-nim"),
};
const SOURCES = ["apps", "packages", "catalog", "tools/build.ts", "package.json", "package-lock.json"];
const BUILD_LIMIT_MS = 110_000;

let ready: Promise<Built> | undefined;

/** Builds the programs unless they are built from the very sources that are there. Any number of tests may ask. */
export async function built(): Promise<Built> {
  ready ??= build(ROOT, CACHE, async () => {
    const node = join(ROOT, "node_modules/.bin/node");
    await promisify(execFile)(node, ["tools/build.ts"], { cwd: ROOT, timeout: BUILD_LIMIT_MS });
  });
  return await ready;
}

/**
 * Runs `make` under a lock that other processes honour, unless a stamp in `cache` says that the sources below `root`
 * are those of the last time and what was made is there.
 */
export async function build(
  root: string,
  cache: string,
  make: () => Promise<void>,
  outputs: readonly string[] = Object.values(BUILT),
): Promise<Built> {
  const stamp = join(cache, "stamp");
  await locked(join(cache, "lock"), async () => {
    const digest = await digestOf(root);
    if ((await textOf(stamp)) === digest && (await allThere(outputs))) return;
    await rm(stamp, { force: true });
    await make();
    await writeFile(stamp, digest);
  });
  return BUILT;
}

/** Holds a folder as a lock while an action runs; a lock whose owner is gone is taken over. */
export async function locked(lock: string, action: () => Promise<void>): Promise<void> {
  await mkdir(dirname(lock), { recursive: true });
  while (!(await taken(lock))) {
    const owner = Number(await textOf(join(lock, "owner")));
    if (owner > 0 && !isAlive(owner)) await rm(lock, { recursive: true, force: true });
    await sleep(100);
  }
  try {
    await action();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
  } catch {
    return false;
  }
  await writeFile(join(lock, "owner"), String(process.pid));
  return true;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function digestOf(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const path of (await filesBelow(join(root, source))).filter((name) => !name.endsWith(".test.ts")))
      hash.update(path.slice(root.length)).update(await readFile(path));
  }
  return hash.digest("hex");
}

async function filesBelow(path: string): Promise<readonly string[]> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return [];
  if (info.isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => !name.includes("/compiled/"))
    .sort();
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}

async function allThere(paths: readonly string[]): Promise<boolean> {
  const checks = await Promise.allSettled(paths.map((path) => access(path)));
  return checks.every((check) => check.status === "fulfilled");
}
