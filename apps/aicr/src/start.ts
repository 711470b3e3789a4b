import { runProcess, type HostProcess } from "@slipway/terminal";
import type { AicrDeps } from "./deps.ts";
import { runAicr } from "./program.ts";

/** Runs aicr in a real process: streams, signals and the exit status are those of `host`. */
export function startProcess(host: HostProcess, deps: AicrDeps): Promise<void> {
  return runProcess(host, (io, words) => runAicr(io, words, deps));
}
