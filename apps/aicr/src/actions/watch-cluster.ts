import { compactJson, type ExitName } from "@slipway/base";
import { systemTimer } from "@slipway/kube";
import { changeTree, watchSnapshots, type Snapshot } from "@slipway/snapshot";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";
import { execOf } from "./exec-of.ts";
import { freshWarnings } from "./fresh-warnings.ts";
import { programPath } from "./program-path.ts";

/**
 * Measures again and again, and prints a line of JSON with the time and a JSON Patch for each change, until Ctrl-C. A
 * program that `--on-change` names is run for each, with the same line on its standard input; one that fails is told, and
 * the watch goes on. A warning is told once while it stays the same.
 *
 * @throws SlipwayError NOT_FOUND before anything is measured when there is no such program
 */
export async function watchCluster(
  deps: CommandDeps,
  context: CommandContext,
  take: (context: CommandContext) => Promise<Snapshot>,
): Promise<ExitName> {
  const { read, log, progress } = context;
  const command = read(SNAPSHOT_FLAGS.onChange) ?? "";
  const program = command === "" ? undefined : await programPath(deps, command, "--on-change");
  const fresh = freshWarnings(log);
  const { signal } = deps.io;
  await watchSnapshots({
    take: async () => {
      fresh.nextRound();
      return take({ ...context, log: fresh.log });
    },
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
      if (program !== undefined) await run(deps, log, { name: command, path: program }, line);
    },
    onFailure: (error) => {
      progress.done();
      fresh.log.warn(`not measured: ${error.message}`);
    },
  });
  signal.throwIfAborted();
  return "DONE";
}

/** The program is started as it is, without a shell: a command with arguments is a script of the user's. */
async function run(
  deps: CommandDeps,
  log: CommandContext["log"],
  { name, path }: { readonly name: string; readonly path: string },
  line: string,
): Promise<void> {
  const { signal, cwd, env } = deps.io;
  try {
    const { exitCode, stdout, stderr } = await (await execOf(deps)).run(path, [], { signal, cwd, env, stdin: line });
    deps.io.stderr.write(stdout + stderr);
    if (exitCode !== 0) log.warn(`${name} ended with ${exitCode}`);
  } catch (error) {
    signal.throwIfAborted();
    log.warn(`${name} was not run: ${error instanceof Error ? error.message : String(error)}`);
  }
}
