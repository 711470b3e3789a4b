import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { AICR_SOURCE, call, type Outcome } from "../aicr.ts";

/** The examples as they are in the repository. */
export const EXAMPLES = join(import.meta.dirname, "../../examples");

/** A folder to run examples in: with `aicr`, run from its sources, first on the PATH. */
export interface Workplace {
  readonly folder: string;
  /** What an example finds: the PATH, and the folder as its home. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes files, with the folders that they are in. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Puts a program on the PATH before all others. */
  program(name: string, text: string): Promise<void>;
  /** Copies a folder or file of the examples, below the name that is given. */
  take(example: string, to: string): Promise<void>;
  /** Runs a command in the folder. */
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** Removes it. */
  close(): Promise<void>;
}

const LIMIT_MS = 120_000;

/** For tests that start the program several times, which takes long where other tests run beside them. */
export const PATIENT = { timeout: 180_000 };

/** Makes a workplace in a temporary folder. */
export async function workplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-examples-"));
  const bin = join(folder, "bin");
  const env = { PATH: `${bin}:${process.env["PATH"]}`, HOME: folder, LC_ALL: "C.UTF-8" };
  const program = async (name: string, text: string): Promise<void> => {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  };
  await mkdir(bin);
  const [node = "", main = ""] = AICR_SOURCE;
  await program("aicr", `#!/bin/sh\nexec '${node}' '${main}' "$@"\n`);
  return {
    folder,
    env,
    program,
    write: async (files) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
    take: async (example, to) => {
      await mkdir(dirname(join(folder, to)), { recursive: true });
      await cp(join(EXAMPLES, example), join(folder, to), { recursive: true });
    },
    run: async (command, more = {}) =>
      await call(command, [], { cwd: folder, env: { ...env, ...more }, limit: LIMIT_MS }),
    close: async () => await rm(folder, { recursive: true, force: true }),
  };
}
