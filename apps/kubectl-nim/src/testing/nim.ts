import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@slipway/base";
import type { Timer } from "@slipway/kube";
import { startCluster, type Cluster, type ClusterOptions } from "@slipway/kube/testing";
import { NIM_RESOURCES } from "@slipway/serving";
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
import { runNim } from "../program.ts";

/** A cluster with the kinds of the NIM Operator and a namespace `nim`, which is the context's, and a folder. */
export interface NimWorkplace {
  readonly cluster: Cluster;
  readonly cwd: string;
  /** Runs a line behind `kubectl nim` in a pipe; single quotes around words with spaces. */
  readonly run: (line: string, options?: NimRunOptions) => Promise<Seen>;
  /**
   * Runs a line in a pipe, then on a terminal, and gives what was seen in the pipe. Throws when the terminal showed
   * anything else than the same with colours and a line of progress. For lines that change nothing.
   */
  readonly both: (line: string, options?: NimRunOptions) => Promise<Seen>;
}

/** What a run may be given beside its words. */
export interface NimRunOptions extends Omit<FakeIoOptions, "cwd"> {
  /** Stands still at {@link NOW} unless given. */
  readonly clock?: Clock;
  /** What waits in place of the platform. */
  readonly timer?: Timer;
  readonly fetch?: typeof fetch;
}

/** What tests take for the present. */
export const NOW = new Date("2026-01-02T03:04:05.000Z");

/** Runs an action with a cluster and a fresh folder with the given files. */
export async function inNimCluster(
  action: (place: NimWorkplace) => Promise<void>,
  options: ClusterOptions & { readonly files?: FileTree } = {},
): Promise<void> {
  const { files = {}, ...rest } = options;
  const resources = [...Object.values(NIM_RESOURCES), ...(rest.resources ?? [])];
  const cluster = await startCluster({ namespaces: ["nim"], contextNamespace: "nim", ...rest, resources });
  try {
    await withDirectory({}, async (root) => {
      const cwd = join(root, "work");
      await mkdir(cwd);
      await writeTree(cwd, files);
      const run: NimWorkplace["run"] = (line, given) => runIn(cluster, cwd, wordsOf(line), given);
      await action({
        cluster,
        cwd,
        run,
        both: (line, given = {}) => inPipeAndTerminal((options) => run(line, options), given, given.columns ?? 200),
      });
    });
  } finally {
    await cluster.close();
  }
}

async function runIn(
  cluster: Cluster,
  cwd: string,
  words: readonly string[],
  options: NimRunOptions = {},
): Promise<Seen> {
  const { clock = { now: () => NOW }, timer, fetch } = options;
  const io = fakeIo({ ...options, cwd, env: { KUBECONFIG: cluster.kubeconfig, ...options.env } });
  const exit = await runNim(io, words, {
    build: { version: "1.2.3", commit: "abc1234", date: "2026-01-02" },
    clock,
    ...(timer === undefined ? {} : { timer }),
    ...(fetch === undefined ? {} : { fetch }),
  });
  const shown = (text: string): string => text.replaceAll(cwd, "$PWD").replaceAll(cluster.url, "$SERVER");
  return { exit, out: shown(io.out), err: shown(io.err) };
}
