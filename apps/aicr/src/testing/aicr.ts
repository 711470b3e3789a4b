import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Exec } from "@slipway/base";
import type { Timer } from "@slipway/kube";
import { openDataDirectory } from "@slipway/recipe";
import { nodeFiles } from "@slipway/terminal";
import {
  fakeIo,
  inPipeAndTerminal,
  withDirectory,
  wordsOf,
  writeTree,
  type FakeIoOptions,
  type FileTree,
  type Seen,
} from "@slipway/terminal/testing";
import { runAicr } from "../program.ts";
import { TEST_CATALOG } from "./catalog.ts";

/** A folder to run command lines in. */
export interface Workplace {
  readonly cwd: string;
  /** Runs a line in a pipe. */
  readonly run: (line: string, options?: RunOptions) => Promise<Seen>;
  /**
   * Runs a line in a pipe, then on a terminal, and gives what was seen in the pipe. Throws when the terminal showed
   * anything else than the same with colours and a line of progress.
   */
  readonly both: (line: string, options?: RunOptions) => Promise<Seen>;
}

/** What a run may be given beside its words. */
interface RunOptions extends Omit<FakeIoOptions, "cwd"> {
  readonly exec?: Exec;
  readonly fetch?: typeof fetch;
  /** Stands still unless given. */
  readonly clock?: Clock;
  /** What waits in place of the platform. */
  readonly timer?: Timer;
  /** The cluster that kubectl would use: KUBECONFIG names it, and its address is shown as `$SERVER`. */
  readonly cluster?: { readonly kubeconfig: string; readonly url: string };
}

/** Runs an action in a fresh folder with the given files; the built-in catalog is a small one. */
export async function inWorkplace(files: FileTree, action: (place: Workplace) => Promise<void>): Promise<void> {
  await withDirectory({}, async (root) => {
    const [cwd, catalog] = [join(root, "work"), join(root, "catalog")];
    await mkdir(cwd);
    await writeTree(cwd, files);
    await writeTree(catalog, TEST_CATALOG);
    const run: Workplace["run"] = (line, options) => runIn(cwd, catalog, wordsOf(line), options);
    await action({
      cwd,
      run,
      both: (line, options = {}) => inPipeAndTerminal((given) => run(line, given), options, 100),
    });
  });
}

async function runIn(cwd: string, catalog: string, words: readonly string[], options: RunOptions = {}): Promise<Seen> {
  const { cluster, exec, fetch, timer, clock = STILL } = options;
  const env = { ...(cluster === undefined ? {} : { KUBECONFIG: cluster.kubeconfig }), ...options.env };
  const io = fakeIo({ ...options, cwd, env });
  const exit = await runAicr(io, words, {
    build: { version: "1.2.3", commit: "abc1234", date: "2026-01-02" },
    builtinCatalog: () => openDataDirectory(nodeFiles({ cwd }), catalog),
    clock,
    ...(timer === undefined ? {} : { timer }),
    ...(exec === undefined ? {} : { exec }),
    ...(fetch === undefined ? {} : { fetch }),
  });
  const shown = (text: string): string =>
    text.replaceAll(cwd, "$PWD").replaceAll(cluster?.url ?? "http://127.0.0.1:0", "$SERVER");
  return { exit, out: shown(io.out), err: shown(io.err) };
}

const STILL: Clock = { now: () => new Date("2026-01-02T03:04:05.678Z") };
