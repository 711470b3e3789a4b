/**
 * `npm run cluster`: a Kubernetes control plane of this machine's own, with kwok for nodes and pods, until Ctrl-C.
 * `--build-only` builds what it runs and ends; `--nim` furnishes it for `kubectl nim`.
 */
import { join } from "node:path";
import { controlPlanePrograms, startControlPlane } from "@slipway/sim";
import { SlipwayError } from "@slipway/base";
import { furnishForNim, releaseOf } from "./nim.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => stop.abort(new SlipwayError("INTERRUPTED", "interrupted")));
}

const log = (line: string): void => {
  process.stderr.write(`cluster: ${line}\n`);
};

const USAGE = "usage: npm run cluster [-- --build-only | --nim | --nim=3.0|3.1|head]";

async function main(): Promise<void> {
  const { signal } = stop;
  const words = process.argv.slice(2);
  const release = words.map(releaseOf).find((found) => found !== undefined);
  const unknown = words.find((word) => word !== "--build-only" && releaseOf(word) === undefined);
  if (unknown !== undefined)
    throw new SlipwayError("USAGE", `unknown argument ${JSON.stringify(unknown)}`, { hint: USAGE });
  const source = join(import.meta.dirname, "..", "test", "control-plane");
  const programs = await controlPlanePrograms({ source, env: process.env, log, signal });
  if (process.argv.includes("--build-only")) return;
  const started = Date.now();
  const cluster = await startControlPlane({ programs, log, signal });
  log(`ready after ${((Date.now() - started) / 1000).toFixed(1)} s at ${cluster.server}; Ctrl-C ends it`);
  if (release !== undefined) await furnishForNim(cluster.kubeconfig, { release, log, signal });
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}\n`);
  await interrupted(signal);
  await cluster.stop();
}

/** Keeps the process alive until it is told to end. */
async function interrupted(signal: AbortSignal): Promise<void> {
  const alive = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  clearInterval(alive);
}

try {
  await main();
} catch (error) {
  log(error instanceof SlipwayError ? error.describe() : String(error));
  process.exitCode = error instanceof SlipwayError ? error.exitCode : 8;
}
