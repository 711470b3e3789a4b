import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { x as untar } from "tar";
import { locked } from "../built.ts";

/** A program that reads or runs one kind of example. */
interface Tool {
  /** Name and version; the folder of the cache that it is kept in. */
  readonly name: string;
  /** The command that is taken where it is on the PATH; absent: only the version that is installed here will do. */
  readonly command?: string;
  /** How it is had where it is not on the PATH; absent: only as part of the system. */
  readonly install?: {
    /** Path of the program in the folder that it is put into. */
    readonly file: string;
    readonly into: (folder: string) => Promise<void>;
  };
  /** What to install so that it is there, for people. */
  readonly remedy: string;
}

const INSTALL_LIMIT_MS = 1_800_000;
const GROOVY = "npm-groovy-lint@18.0.0";
const GROOVY_INTEGRITY =
  "sha512-ymxG13cNrVX4PbWayJ2SIjT8/Zdl8yNC1D0cXrAVW3Y20y1NmGps5cLkQ3LSVsFa7/s0qeqzuDhEiCVRxAOcqw==";

const TOOLS = {
  shellcheck: { name: "shellcheck", command: "shellcheck", remedy: "apt-get install shellcheck" },
  systemdAnalyze: { name: "systemd-analyze", command: "systemd-analyze", remedy: "apt-get install systemd" },
  java: { name: "java", command: "java", remedy: "apt-get install default-jre-headless" },
  actionlint: {
    name: "actionlint-1.7.12",
    command: "actionlint",
    install: {
      file: "bin/actionlint",
      into: (folder) => goInstall(folder, "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"),
    },
    remedy: "install Go",
  },
  terraform: {
    name: "terraform-1.5.7",
    command: "terraform",
    // The last release under the Mozilla licence, and the last that Go installs by its name.
    install: {
      file: "bin/terraform",
      into: (folder) => goInstall(folder, "github.com/hashicorp/terraform@v1.5.7"),
    },
    remedy: "install Terraform or Go",
  },
  promtool: {
    name: "promtool-debian",
    command: "promtool",
    install: { file: "unpacked/usr/bin/promtool", into: unpackPromtool },
    remedy: "apt-get install prometheus",
  },
  ansible: {
    name: "ansible-lint-26.10.1",
    install: { file: "venv/bin/ansible-playbook", into: installAnsible },
    remedy: "install Python 3.11 or newer with venv (apt-get install python3-venv)",
  },
  groovy: {
    name: "groovy-4.0.26",
    install: { file: "package/lib/java/groovy/lib/groovy-4.0.26.jar", into: unpackGroovy },
    remedy: "install npm",
  },
} as const satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof TOOLS;

/**
 * Path of a program that reads or runs examples: the one on the PATH, the one that an earlier run put into the user's
 * cache, or, with CI=true, one that is installed there now. Installing takes up to a minute, so other runs only say on
 * standard error what they do not test. With CI=true a program that cannot be had is an error.
 */
export async function exampleTool(name: ToolName): Promise<string | undefined> {
  const tool: Tool = TOOLS[name];
  const there = tool.command === undefined ? undefined : await onPath(tool.command);
  if (there !== undefined) return there;
  try {
    return await fromCache(tool);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${tool.name} for the examples cannot be had: ${reason}; ${tool.remedy}`;
    if (process.env["CI"] === "true") throw new Error(message, { cause: error });
    process.stderr.write(`\n*** ${message}\n*** tests that need it are not run\n\n`);
    return undefined;
  }
}

/** Path of a command of the PATH that can be run. */
export async function onPath(command: string): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (await canRun(join(folder, command))) return join(folder, command);
  }
  return undefined;
}

async function canRun(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function fromCache({ name, install }: Tool): Promise<string> {
  if (install === undefined) throw new Error("it is not on the PATH");
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "slipway", "tools");
  const folder = join(cache, name);
  const complete = join(folder, "complete");
  await locked(join(cache, `${name}.lock`), async () => {
    if (await isThere(complete)) return;
    if (process.env["CI"] !== "true") throw new Error("CI=true npx vitest run test/examples installs it");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await install.into(folder);
    await writeFile(complete, "");
  });
  return join(folder, install.file);
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function goInstall(folder: string, module: string): Promise<void> {
  await run("go", ["install", module], folder, { GOBIN: join(folder, "bin") });
}

/** Unpacks the Debian package: installed, it would start a server. */
async function unpackPromtool(folder: string): Promise<void> {
  await run("apt-get", ["download", "prometheus"], folder).catch(async () => {
    // A machine that was never told what there is.
    await run("apt-get", ["update", "-qq"], folder);
    await run("apt-get", ["download", "prometheus"], folder);
  });
  const archive = await run("find", [".", "-name", "prometheus_*.deb"], folder);
  await run("dpkg-deb", ["-x", archive.trim(), "unpacked"], folder);
}

async function installAnsible(folder: string): Promise<void> {
  await run("python3", ["-m", "venv", "venv"], folder);
  const packages = ["ansible-core==2.19.14", "ansible-lint==26.10.1"];
  await run("venv/bin/pip", ["install", "--quiet", "--disable-pip-version-check", ...packages], folder);
}

/** Groovy comes from Maven Central or inside this npm package, for which npm is enough. */
async function unpackGroovy(folder: string): Promise<void> {
  const file = (await run("npm", ["pack", GROOVY, "--silent"], folder)).trim();
  const digest = createHash("sha512").update(await readFile(join(folder, file)));
  const integrity = `sha512-${digest.digest("base64")}`;
  if (integrity !== GROOVY_INTEGRITY) throw new Error(`${GROOVY} has integrity ${integrity}`);
  await untar({ file: join(folder, file), cwd: folder }, ["package/lib/java/groovy/lib"]);
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd, timeout: INSTALL_LIMIT_MS, env: { ...process.env, ...env } };
  return (await promisify(execFile)(command, [...args], options)).stdout;
}
