import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { call, type Outcome } from "../aicr.ts";

/** What a file of a case is: its content, a link, a sparse file of a size in bytes, or a named pipe. */
export type Content =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly size: number }
  | { readonly pipe: true };

/** A call that must be refused: with an exit status and a message, nothing on standard output and nothing written. */
export interface HostileCase {
  readonly name: string;
  /** By path below the folder that the call runs in. */
  readonly files?: Readonly<Record<string, Content>>;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly exit: number;
  /** The whole of standard error, or what it must be like; `$WORK` stands for the folder that the call runs in. */
  readonly stderr: string | RegExp;
  /** The whole of standard output; empty unless told. */
  readonly stdout?: string;
}

/** How a call ended, and what it left. */
export interface HostileOutcome extends Outcome {
  /** What is in the folder after the call and was not, or not so, before. */
  readonly written: readonly string[];
}

/** Runs a case in a folder of its own. */
export async function attempt(program: readonly string[], hostile: HostileCase): Promise<HostileOutcome> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-hostile-"));
  try {
    await lay(folder, hostile.files ?? {});
    const before = await listing(folder);
    const stdin = hostile.stdin === undefined ? {} : { stdin: hostile.stdin };
    const outcome = await call(program, hostile.argv, { cwd: folder, ...stdin });
    const after = await listing(folder);
    const stderr = outcome.stderr.replaceAll(folder, "$WORK");
    return { ...outcome, stderr, written: after.filter((line) => !before.includes(line)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the files of a case. */
export async function lay(folder: string, files: Readonly<Record<string, Content>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) await writeFile(target, content);
    else if ("link" in content) await symlink(content.link, target);
    else if ("pipe" in content) execFileSync("mkfifo", [target]);
    else {
      await writeFile(target, "");
      await truncate(target, content.size);
    }
  }
}

/** Path, mode, size and time of change of everything in a folder. */
async function listing(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const lines = names.map(async (name) => {
    const { mode, size, mtimeMs } = await lstat(join(folder, name));
    return `${name} ${mode.toString(8)} ${size} ${mtimeMs}`;
  });
  return await Promise.all(lines);
}
