/** Where the commands of a page run: a folder of its own, and what the page asks for beside it. */
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "@slipway/kube/testing";
import { CHROOT, USUAL, writeMachine } from "./machine.ts";
import { stable } from "./stable.ts";
import { NODES, runProgram, startDocsCluster } from "./cluster.ts";
import { startNimDocsCluster } from "./nim-cluster.ts";

const root = join(import.meta.dirname, "../..");

/** A page's folder. */
export interface Workplace {
  /** What a command prints, standard error included, and its exit status when that is not 0. */
  run(command: string): Promise<string>;
  close(): Promise<void>;
}

/** A comment in a page that says what its commands need: `<!-- commands run with: machine, cluster -->`. */
const WITH = /<!-- commands run with: ([a-z, ]+) -->/;

/**
 * Makes the folder of a page.
 *
 * @param page its text: `machine` in its comment gives the commands a GPU node to measure, `cluster` a cluster, which is
 * the API server of the tests, and `nim` one with NIM services
 */
export async function workplaceFor(page: string): Promise<Workplace> {
  const wanted = new Set((WITH.exec(page)?.[1] ?? "").split(/, */));
  const [folder, hidden] = ["page", "machines"].map((name) => mkdtempSync(join(tmpdir(), `slipway-docs-${name}-`)));
  if (folder === undefined || hidden === undefined) throw new Error("no folder");
  const env = {
    PATH: `${join(hidden, "bin")}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    LANG: "C.UTF-8",
    // A page starts the program fifty times.
    NODE_COMPILE_CACHE: join(root, "node_modules/.cache/slipway-docs"),
    ...(wanted.has("machine") ? { AICR_HOST_ROOT: join(hidden, "gpu-1") } : {}),
  };
  writePrograms(hidden);
  if (wanted.has("machine") || wanted.has("cluster")) {
    writeFileSync(join(hidden, "bin/chroot"), CHROOT, { mode: 0o755 });
    for (const node of NODES) writeMachine(join(hidden, node.name), { ...USUAL, ...node });
  }
  const started = await startWanted(wanted, hidden, env);
  const cluster = started?.cluster;
  const withCluster = cluster === undefined ? env : { ...env, KUBECONFIG: cluster.kubeconfig };
  return {
    run: async (command) => {
      const now = Date.now();
      const script = `exec 2>&1\n${command}`;
      const { stdout, exit } = await runProgram(["bash", "-c", script], { cwd: folder, env: withCluster });
      const shown = stable(stdout, { folder, server: cluster?.url, kubeconfig: cluster?.kubeconfig, started: now });
      return exit === 0 ? shown : `${shown.trimEnd()}\n[exit status ${exit}]\n`;
    },
    close: async () => {
      await started?.close();
      for (const path of [folder, hidden]) rmSync(path, { recursive: true, force: true });
    },
  };
}

const AICR = [process.execPath, join(root, "apps/aicr/src/main.ts")];
const PLUGIN = [process.execPath, join(root, "apps/kubectl-nim/src/main.ts")];

/** The programs that pages name, run from their sources. */
function writePrograms(hidden: string): void {
  mkdirSync(join(hidden, "bin"));
  const [aicr, plugin] = [AICR, PLUGIN].map((program) => program.map((word) => `'${word}'`).join(" "));
  const scripts = {
    aicr: `exec ${aicr} "$@"`,
    "kubectl-nim": `exec ${plugin} "$@"`,
    // What kubectl does with a plugin; the pages need no more of it.
    kubectl: `shift; exec ${plugin} "$@"`,
  };
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(hidden, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

async function startWanted(
  wanted: ReadonlySet<string>,
  hidden: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly cluster: Cluster; close(): Promise<void> } | undefined> {
  if (wanted.has("nim")) return await startNimDocsCluster();
  if (!wanted.has("cluster")) return undefined;
  const cluster = await startDocsCluster(
    async (args, more) => runProgram([...AICR, ...args], { cwd: hidden, env: { ...env, ...more } }),
    (node) => join(hidden, node),
  );
  return { cluster, close: async () => await cluster.close() };
}
