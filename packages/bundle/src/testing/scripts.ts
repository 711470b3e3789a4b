import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BundleFile } from "../model.ts";
import { temporaryFolder } from "./folders.ts";

/** How a script ended, and what the programs that it called were given. */
export interface ScriptRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** A line for each call: program and arguments with one blank between them, the bundle's folder as `BUNDLE`. */
  readonly calls: readonly string[];
}

/** A bundle in a folder whose name needs quoting, and programs in its PATH that only write down their arguments. */
export interface ScriptFolder {
  readonly folder: string;
  run(script: string, ...args: readonly string[]): Promise<ScriptRun>;
}

const RECORDED = ["helm", "kubectl", "sleep"];

/**
 * Writes a bundle to a folder.
 *
 * @param behaviour bash that runs in each fake program, with its name in `$program` and its arguments in `$*`; the number
 *   of calls with the same arguments until now, this one counted, is in `$count`
 */
export async function scriptFolder(files: readonly BundleFile[], behaviour: string = ""): Promise<ScriptFolder> {
  const root = await temporaryFolder();
  const folder = join(root, "the 'bundle' $HOME");
  const programs = join(root, "bin");
  const log = join(root, "calls");
  for (const file of files) {
    const target = join(folder, file.path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, file.content);
    await chmod(target, file.executable ? 0o755 : 0o600);
  }
  await mkdir(programs);
  await writeFile(log, "");
  for (const program of RECORDED) {
    const text = `#!/usr/bin/env bash
program=${program}
line="$program $*"
printf '%s\\0' "$line" >>"$CALLS"
count=$(grep --null-data --fixed-strings --line-regexp --count -e "$line" "$CALLS")
: "$count"
${behaviour}
`;
    await writeFile(join(programs, program), text);
    await chmod(join(programs, program), 0o755);
  }
  const env = { PATH: `${programs}:/usr/bin:/bin`, CALLS: log, HOME: root };
  return {
    folder,
    run: async (script, ...args) => {
      await writeFile(log, "");
      const ended = await execute(join(folder, script), args, { cwd: root, env });
      const calls = (await readFile(log, "utf8")).split("\0").slice(0, -1);
      return { ...ended, calls: calls.map((call) => call.replaceAll(folder, "BUNDLE")) };
    },
  };
}

/** Runs a program and gives how it ended; an exit status other than 0 is a result. */
export function execute(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Omit<ScriptRun, "calls">> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { maxBuffer: 1 << 26, ...options }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === "number") resolve({ exitCode, stdout, stderr });
      else reject(error ?? new Error("no exit status"));
    });
  });
}
