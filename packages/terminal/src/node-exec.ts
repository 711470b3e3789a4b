import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { SlipwayError, messageOf, type Exec, type ExecResult } from "@slipway/base";
import { nodeCode } from "./node-error.ts";
import { tooLarge } from "./node-files.ts";

const MAX_OUTPUT = 64 * 1024 * 1024;
const PATIENCE_MS = 500;

/** Runs real programs, without a shell; what they print is kept up to 64 MiB. */
export const nodeExec: Exec = {
  run: (program, args, { signal, cwd, env, stdin }) => {
    signal.throwIfAborted();
    const child = spawn(program, [...args], { cwd, env: env === undefined ? undefined : { ...env }, shell: false });
    // A program that ends without reading its input is no failure.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
    return resultOf(child, program, signal);
  },
};

async function resultOf(
  child: ChildProcessWithoutNullStreams,
  program: string,
  signal: AbortSignal,
): Promise<ExecResult> {
  let onAbort = (): void => undefined;
  try {
    return await new Promise((resolve, reject) => {
      const stop = (reason: unknown): void => {
        reject(reason);
        // A program that was not started has no process, and Node may then signal whatever process group we are in.
        if (child.pid === undefined) return;
        child.kill("SIGTERM");
        setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS).unref();
      };
      onAbort = () => stop(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      const stdout = collect(child.stdout, program, stop);
      const stderr = collect(child.stderr, program, stop);
      child.on("error", (error) => reject(spawnError(error, program)));
      child.on("close", (code) => resolve({ exitCode: code ?? 128, stdout: stdout(), stderr: stderr() }));
    });
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function collect(stream: NodeJS.ReadableStream, program: string, stop: (reason: unknown) => void): () => string {
  const chunks: Buffer[] = [];
  let total = 0;
  stream.on("data", (chunk: Buffer) => {
    total += chunk.length;
    if (total > MAX_OUTPUT) stop(tooLarge(MAX_OUTPUT).at({ file: `output of ${program}` }));
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function spawnError(error: Error, program: string): SlipwayError {
  if (nodeCode(error) === "ENOENT")
    return new SlipwayError("NOT_FOUND", `the program ${program} is not on the PATH`, { cause: error });
  const code = nodeCode(error) === "EACCES" ? "NOT_ALLOWED" : "UNAVAILABLE";
  return new SlipwayError(code, `${program} cannot be run: ${messageOf(error)}`, { cause: error });
}
