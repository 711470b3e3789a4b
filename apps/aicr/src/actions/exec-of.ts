import type { Exec } from "@slipway/base";
import type { CommandDeps } from "../deps.ts";

/** What runs programs: loaded when the first program is to be run. */
export async function execOf(deps: Pick<CommandDeps, "exec">): Promise<Exec> {
  return deps.exec ?? (await import("@slipway/terminal/exec")).nodeExec;
}

/** The same for those who must have it before they know whether they run a program. */
export function lazyExec(deps: Pick<CommandDeps, "exec">): Exec {
  return { run: async (program, args, options) => (await execOf(deps)).run(program, args, options) };
}
