import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { arch, homedir, platform, setPriority } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { SlipwayError, compareVersions, messageOf, parseVersion } from "@slipway/base";
import { withLock } from "./lock.ts";

/** What building needs. */
export interface BuildOptions {
  /** Directory of the Go module, `test/control-plane` of the repository. */
  readonly source: string;
  /** PATH, HOME, XDG_CACHE_HOME, KUBEBUILDER_ASSETS and what Go itself reads. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told how far a build is, a line at a time. */
  readonly log?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The programs, and what kwok's says about its kinds. */
export interface BuiltPrograms {
  /** All parts but kwok, chosen with the first argument. */
  readonly controlPlane: string;
  readonly kwok: string;
  readonly kwokDefinitions: string;
  readonly kwokStages: string;
}

const CONTROL_PLANE = "control-plane";
const KWOK = "kwok";
/** Go modules within the source, and the programs that they are. kwok builds on other releases of the same libraries. */
const MODULES = [
  { directory: ".", program: CONTROL_PLANE },
  { directory: "kwok", program: KWOK },
] as const;
/** What kwok's program prints when it is asked for it. */
const DEFINITIONS = "definitions";
const STAGES = "stages";
const INSTALL_HINT =
  "Install Go from https://go.dev/dl, or set KUBEBUILDER_ASSETS to a directory with etcd, kube-apiserver, …";

/** The programs out of the cache; built first when they are not there. Several processes may ask at once: one builds. */
export async function builtPrograms(options: BuildOptions): Promise<BuiltPrograms> {
  const { source, env, log = () => {}, signal } = options;
  const root = join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "slipway", "control-plane");
  const sources = await sourcesOf(source);
  const folder = join(root, keyOf(sources));
  const ready = await read(folder);
  if (ready !== undefined) return ready;
  await mkdir(root, { recursive: true });
  const onWait = (): void => log("another process builds the control plane; waiting for it");
  return await withLock(`${folder}.lock`, { onWait, signal }, async () => {
    const meanwhile = await read(folder);
    if (meanwhile !== undefined) return meanwhile;
    const module = moduleOf(sources);
    await checkGo(module.go, options);
    await removeLeftovers(folder);
    const beside = await mkdtemp(`${folder}.`);
    try {
      await build(beside, module.kubernetes, { ...options, log });
      await rm(folder, { recursive: true, force: true });
      await rename(beside, folder);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
    const built = await read(folder);
    if (built === undefined) throw new SlipwayError("BUG", `the control plane was built but ${folder} is not complete`);
    return built;
  });
}

async function read(folder: string): Promise<BuiltPrograms | undefined> {
  const [controlPlane, kwok] = [join(folder, CONTROL_PLANE), join(folder, KWOK)];
  try {
    await Promise.all([controlPlane, kwok].map(async (path) => await access(path, constants.X_OK)));
    const [kwokDefinitions = "", kwokStages = ""] = await Promise.all(
      [DEFINITIONS, STAGES].map(async (name) => await readFile(join(folder, `${name}.yaml`), "utf8")),
    );
    return { controlPlane, kwok, kwokDefinitions, kwokStages };
  } catch {
    return undefined;
  }
}

/** What builds of the same that were killed have left beside the folder; to be called under the lock. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder);
  const isLeftover = (name: string): boolean => name.startsWith(`${basename(folder)}.`) && !name.endsWith(".lock");
  const leftovers = (await readdir(parent)).filter(isLeftover);
  await Promise.all(leftovers.map(async (name) => await rm(join(parent, name), { recursive: true, force: true })));
}

/** Everything that decides what is built, by path. */
async function sourcesOf(source: string): Promise<ReadonlyMap<string, string>> {
  const paths = (await readdir(source, { recursive: true })).filter((path) =>
    /(?:^|\/)go\.(?:mod|sum)$|\.go$/.test(path),
  );
  const contents = await Promise.all(paths.sort().map(async (path) => await readFile(join(source, path), "utf8")));
  return new Map(paths.map((path, index) => [path, contents[index] ?? ""]));
}

function keyOf(sources: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256").update(JSON.stringify([...sources, platform(), arch()]));
  return hash.digest("hex").slice(0, 16);
}

/** The version of Go that the module asks for at least, and the Kubernetes that it builds. */
function moduleOf(sources: ReadonlyMap<string, string>): { readonly go: string; readonly kubernetes: string } {
  const text = sources.get("go.mod") ?? "";
  const go = /^go (\S+)$/m.exec(text)?.[1];
  const kubernetes = /^\s+k8s\.io\/kubernetes (v\S+)$/m.exec(text)?.[1];
  if (go !== undefined && kubernetes !== undefined) return { go, kubernetes };
  throw new SlipwayError(
    "INVALID_INPUT",
    "go.mod of the control plane: expected `go` and `k8s.io/kubernetes` versions",
  );
}

/** Go of the user, and nothing fetched in its place. */
function goEnvironment(env: BuildOptions["env"]): Record<string, string | undefined> {
  return { ...env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" };
}

async function checkGo(needed: string, { env, source, signal }: BuildOptions): Promise<void> {
  const options = { cwd: source, env: goEnvironment(env), signal };
  const found = await promisify(execFile)("go", ["env", "GOVERSION"], options).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new SlipwayError(
      "NOT_FOUND",
      `the control plane is built with Go, but \`go\` does not run: ${messageOf(error)}`,
      {
        hint: `Go ${needed} or newer is needed. ${INSTALL_HINT}`,
        cause: error,
      },
    );
  });
  const version = found.stdout.trim().replace(/^go/, "");
  const [left, right] = [parseVersion(version), parseVersion(needed)];
  if (left === undefined || right === undefined || compareVersions(left, right, "common") >= 0) return;
  throw new SlipwayError("NOT_FOUND", `the control plane needs Go ${needed} or newer, this is ${version}`, {
    hint: INSTALL_HINT,
  });
}

/** How often a build says how far it is. */
const REPORT_MS = 5000;
/** Priority of the build: it takes minutes, and others want the machine too. */
const NICE = 5;

type Log = (line: string) => void;

async function build(into: string, kubernetes: string, options: BuildOptions & { readonly log: Log }): Promise<void> {
  const { source, log, signal } = options;
  const started = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  log(`building Kubernetes ${kubernetes} and kwok with Go; this is done once and takes minutes`);
  for (const { directory, program } of MODULES) {
    const log = (line: string): void => options.log(`${program}: ${line} after ${seconds()}`);
    await buildModule(join(source, directory), join(into, program), linkerFlags(kubernetes), { ...options, log });
  }
  for (const name of [DEFINITIONS, STAGES]) {
    const { stdout } = await promisify(execFile)(join(into, KWOK), [name], { signal, maxBuffer: 16 * 1024 * 1024 });
    await writeFile(join(into, `${name}.yaml`), stdout);
  }
  log(`the control plane is built after ${seconds()}`);
}

/** @param log is told what has been done so far */
async function buildModule(
  source: string,
  program: string,
  linkerFlags: string,
  { env, log, signal }: BuildOptions & { readonly log: Log },
): Promise<void> {
  const args = ["build", "-v", "-trimpath", "-ldflags", linkerFlags, "-o", program, "."];
  const child = spawn("go", args, {
    cwd: source,
    env: goEnvironment(env),
    signal,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  lowerPriority(child.pid);
  const complaints: string[] = [];
  const count = { fetched: 0, compiled: 0 };
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (line.startsWith("go: downloading ")) count.fetched++;
    // The name of a package that is being compiled; what is wrong with one comes with a place or a word before it.
    else if (/^[\w./~-]+$/.test(line)) count.compiled++;
    else complaints.push(line);
  });
  const report = (): void => log(`${count.fetched} modules fetched, ${count.compiled} packages compiled`);
  const timer = setInterval(report, REPORT_MS);
  const status = await ended
    .catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    })
    .finally(() => clearInterval(timer));
  if (status === 0) return report();
  const said = complaints.slice(-20).join("\n");
  throw new SlipwayError("UNAVAILABLE", `go build of ${source} failed with status ${status}:\n${said}`);
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, NICE);
  } catch {
    // A build at the usual priority is as good.
  }
}

/** Without these the API server would say that it is v0.0.0-master. */
function linkerFlags(kubernetes: string): string {
  const [major = "", minor = ""] = kubernetes.slice(1).split(".");
  const version = { gitVersion: kubernetes, gitMajor: major, gitMinor: minor };
  const stamps = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((path) => {
    return Object.entries(version).map(([name, value]) => `-X ${path}.${name}=${value}`);
  });
  return ["-s", "-w", ...stamps].join(" ");
}
