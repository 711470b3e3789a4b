import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";

/** How a program ended after Ctrl-C. */
export interface Interrupted {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the signal to the end. */
  readonly afterMs: number;
}

/**
 * Runs a program until a moment comes, and sends it SIGINT then.
 *
 * @param moment resolves when it comes; is given what the program has written on standard error so far
 * @throws Error when the program ends before
 */
export async function interrupt(
  program: readonly string[],
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  moment: (stderr: () => string) => Promise<void>,
): Promise<Interrupted> {
  const [command = "", ...first] = program;
  const env = { PATH: process.env["PATH"], HOME: options.cwd, ...options.env };
  const child = spawn(command, [...first, ...argv], { cwd: options.cwd, env });
  const told = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => (told[name] += text));
  }
  child.stdin.end();
  const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  try {
    const early = ended.then((code): never => {
      throw new Error(`it ended with ${code} before: ${told.stderr}`);
    });
    await Promise.race([moment(() => told.stderr), early]);
    early.catch(() => undefined);
    const before = performance.now();
    child.kill("SIGINT");
    const exit = await ended;
    return { exit, ...told, afterMs: performance.now() - before };
  } finally {
    child.kill("SIGKILL");
  }
}
