import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How a call of a program ended. */
export interface Outcome {
  /** The exit status; a text where a signal ended it. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that it had, nearly, on Linux; 0 elsewhere. */
  readonly peakBytes: number;
}

/** How a program is called. */
export interface CallOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on standard input; absent: nothing. */
  readonly stdin?: string;
  /** It is killed after this many milliseconds: far more than any call takes. */
  readonly limit?: number;
}

const ROOT = join(import.meta.dirname, "..");
const LIMIT_MS = 30_000;

/** The program and its first arguments that run `aicr` from its sources. */
export const AICR_SOURCE: readonly string[] = [
  join(ROOT, "node_modules/.bin/node"),
  join(ROOT, "apps/aicr/src/main.ts"),
];

/** Runs a program in an environment without anything of the user's: the home is the current folder. */
export async function call(
  program: readonly string[],
  argv: readonly string[],
  options: CallOptions,
): Promise<Outcome> {
  const [command = "", ...first] = program;
  const env = { PATH: process.env["PATH"], HOME: options.cwd, TMPDIR: process.env["TMPDIR"], ...options.env };
  const limits = { timeout: options.limit ?? LIMIT_MS, killSignal: "SIGKILL" as const };
  const child = spawn(command, [...first, ...argv], { cwd: options.cwd, env, ...limits });
  const peak = watchMemory(child.pid);
  const parts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => (parts[name] += text));
  }
  // A program that ends without reading its input closes the pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ exit: code ?? signal ?? "unknown", ...parts, peakBytes: peak() });
    });
  });
}

/** Reads the kernel's own record of the peak again and again, as it goes with the process; gives how to stop and ask. */
function watchMemory(pid: number | undefined): () => number {
  let bytes = 0;
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      bytes = Math.max(bytes, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // The process is gone, or this is no Linux.
    }
  };
  const timer = setInterval(look, 5);
  return () => {
    clearInterval(timer);
    return bytes;
  };
}
