import { compactJson, type ExitName } from "@slipway/base";
import { systemTimer } from "@slipway/kube";
import { changeTree, watchSnapshots, type Snapshot } from "@slipway/snapshot";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";
import { execOf } from "./exec-of.ts";

/**
 * Measures again and again, and prints a line of JSON with the time and a JSON Patch for each change, until Ctrl-C. A
 * program that `--on-change` names is run for each, with the same line on its standard input; one that fails is told, and
 * the watch goes on.
 */
export async function watchCluster(
  deps: CommandDeps,
  { read, log, progress }: CommandContext,
  take: () => Promise<Snapshot>,
): Promise<ExitName> {
  const command = read(SNAPSHOT_FLAGS.onChange);
  const { signal } = deps.io;
  await watchSnapshots({
    take,
    intervalMs: read(SNAPSHOT_FLAGS.interval),
    signal,
    clock: deps.clock,
    timer: deps.timer ?? systemTimer,
    ignore: read(SNAPSHOT_FLAGS.ignore),
    onBaseline: () => {
      progress.done();
      log.info("watching", { interval: `${read(SNAPSHOT_FLAGS.interval) / 1000}s` });
    },
    onChange: async (change) => {
      progress.done();
      const line = `${compactJson(changeTree(change))}\n`;
      deps.io.stdout.write(line);
      if (command !== undefined && command !== "") await run(deps, log, command, line);
    },
    onFailure: (error) => {
      progress.done();
      log.warn(`not measured: ${error.message}`);
    },
  });
  signal.throwIfAborted();
  return "DONE";
}

/** The program is started as it is, without a shell: a command with arguments is a script of the user's. */
async function run(deps: CommandDeps, log: CommandContext["log"], program: string, line: string): Promise<void> {
  const { signal, cwd, env } = deps.io;
  try {
    const path = program.startsWith("./") || program.startsWith("../") ? `${cwd}/${program}` : program;
    const { exitCode, stdout, stderr } = await (await execOf(deps)).run(path, [], { signal, cwd, env, stdin: line });
    deps.io.stderr.write(stdout + stderr);
    if (exitCode !== 0) log.warn(`${program} ended with ${exitCode}`);
  } catch (error) {
    signal.throwIfAborted();
    log.warn(`${program} was not run: ${error instanceof Error ? error.message : String(error)}`);
  }
}
