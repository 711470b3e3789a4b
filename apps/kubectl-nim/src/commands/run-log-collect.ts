import { SlipwayError, type ExitName } from "@slipway/base";
import { checkNamespace } from "@slipway/kube";
import { collectBundle, hasFile, type BundleIndex, type CollectOptions } from "@slipway/serving/collect";
import { printable, type CommandContext } from "@slipway/terminal";
import { bundlePlace, stageBundle, type BundlePlace } from "../actions/stage-bundle.ts";
import { clusterOf } from "../actions/cluster-of.ts";
import { logStart } from "../actions/log-start.ts";
import type { NimDeps } from "../deps.ts";
import { COLLECT_FLAGS, DEFAULT_LOG_BYTES } from "../flags/collect-flags.ts";
import { CONNECTION_FLAGS } from "../flags/connection-flags.ts";

/** Most failures that are told one by one; the index has them all. */
const MOST_TOLD = 10;

/** What `kubectl nim log collect` does. */
export async function logCollect(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { io, read, progress } = context;
  const limits = limitsOf(context);
  const now = deps.clock.now();
  const place = bundlePlace({ given: read(COLLECT_FLAGS.outputDirectory) ?? "", io, now });
  const { client, namespace: meant } = await clusterOf(deps, context);
  const namespace = namespaceOf(context, meant);
  const staged = await stageBundle(place);
  let index: BundleIndex;
  try {
    const onProgress = (done: number, all: number): void => progress.show(`Collecting: ${done} of ${all} files`);
    index = await collectBundle(
      { api: client, target: staged, now, signal: io.signal, onProgress },
      {
        namespace,
        operatorNamespace: namespaceFlag(read(COLLECT_FLAGS.operatorNamespace)),
        nemoNamespace: namespaceFlag(read(COLLECT_FLAGS.nemoNamespace)),
        limits,
        version: deps.build.version,
      },
    );
    await staged.publish(io.signal);
  } catch (error) {
    await staged.discard();
    throw error;
  } finally {
    progress.done();
  }
  io.stdout.write(read(COLLECT_FLAGS.output) === "json" ? index.text : resultText(place, index));
  tell(context, index);
  return index.failures.length === 0 ? "DONE" : "ANSWER_IS_NO";
}

function limitsOf({ read }: CommandContext): CollectOptions["limits"] {
  const maxBytes = read(COLLECT_FLAGS.maxLogBytes) ?? DEFAULT_LOG_BYTES;
  if (maxBytes <= 0) throw new SlipwayError("USAGE", `--max-log-bytes takes a number above 0, not ${maxBytes}`);
  const lines = {
    since: read(COLLECT_FLAGS.since),
    sinceTime: read(COLLECT_FLAGS.sinceTime) ?? "",
    tail: read(COLLECT_FLAGS.tail),
  };
  return { ...logStart(lines), maxBytes };
}

/** The script that the original ran takes the namespace from NIM_NAMESPACE. */
function namespaceOf({ io, isGiven }: CommandContext, meant: string): string {
  if (isGiven(CONNECTION_FLAGS.namespace)) return meant;
  return namespaceFlag(io.env["NIM_NAMESPACE"]) ?? meant;
}

function namespaceFlag(name: string | undefined): string | undefined {
  if (name === undefined || name === "") return undefined;
  checkNamespace(name);
  return name;
}

/** The sentences of the original, which scripts look for. */
function resultText({ path, isArchive }: BundlePlace, { entries }: BundleIndex): string {
  const logs = entries.filter((entry) => entry.path.endsWith(".log") && hasFile(entry));
  const lines = logs.map((entry) => `  ${isArchive ? "" : `${path}/`}${entry.path}`);
  const place = isArchive ? path : `${path}/nim`;
  return printable(
    ["", `Diagnostic bundle created at ${place}.`, `Saved ${logs.length} log file(s) in:`, ...lines, ""].join("\n"),
  );
}

function tell({ log }: CommandContext, { failures, entries }: BundleIndex): void {
  for (const { path, reason = "" } of failures.slice(0, MOST_TOLD)) log.warn(`not collected: ${path}: ${reason}`);
  if (failures.length > MOST_TOLD) log.warn(`${failures.length - MOST_TOLD} more were not collected: see index.json`);
  for (const { path, reason = "", status } of entries) if (status === "cut") log.warn(`cut: ${path}: ${reason}`);
}
