import { runProcess, type HostProcess } from "@slipway/terminal";
import type { NimProgramDeps } from "./deps.ts";
import { runNim } from "./program.ts";

/** Runs kubectl nim in a real process: streams, signals and the exit status are those of `host`. */
export function startProcess(host: HostProcess, deps: NimProgramDeps): Promise<void> {
  return runProcess(host, (io, words) => runNim(io, words, deps));
}
