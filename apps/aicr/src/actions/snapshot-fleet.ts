import { join, resolve } from "node:path";
import { SlipwayError, type ExitName } from "@slipway/base";
import { isSubdomainName } from "@slipway/kube";
import { fleetText, mergeFleet, snapshotText, type FleetSnapshot, type MeasuredNode } from "@slipway/snapshot";
import { parseNodeChoice, runFleet, type FleetResult, type NodeChoice } from "@slipway/snapshot/agent";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { AGENT_FLAGS, SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";
import { agentDeps, agentOptions } from "./agent-options.ts";
import type { ClusterOnce } from "./cluster-once.ts";

/** Bytes that a file with names of nodes may have. */
const NAMES_BYTES = 1024 * 1024;

/**
 * Measures many nodes, and writes one fleet document; into a directory also a snapshot of each node.
 *
 * @throws SlipwayError as `runFleet` does; ANSWER_IS_NO, after all was written, when nodes could not be measured
 */
export async function snapshotFleet(
  deps: CommandDeps,
  context: CommandContext,
  cluster: ClusterOnce,
): Promise<ExitName> {
  const { read, log, progress } = context;
  const nodes = await nodeChoice(deps, read(AGENT_FLAGS.nodes) ?? "");
  const directory = await directoryOf(deps, read(SNAPSHOT_FLAGS.output));
  const { checkTarget } = await import("@slipway/terminal/documents");
  if (directory === undefined) checkTarget(read(SNAPSHOT_FLAGS.output), deps);
  const client = await cluster.client();
  const options = agentOptions(deps, context, client.connection.namespace);
  const result = await runFleet(agentDeps(deps, context, client), {
    ...options,
    nodes,
    cleanup: !read(AGENT_FLAGS.noCleanup),
    ...(read(AGENT_FLAGS.workers) === undefined ? {} : { workers: read(AGENT_FLAGS.workers) }),
  });
  progress.done();
  const fleet = mergeFleet(measuredNodes(result), {
    version: deps.build.version,
    timestamp: deps.clock
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, "Z"),
  });
  await write(deps, context, directory, fleet, result);
  for (const { node, reading, expected = "nothing", actual = "nothing" } of fleet.outliers.slice(0, TOLD))
    log.warn(`${node} is unlike most of its pool`, { reading, expected, actual });
  if (fleet.outliers.length > TOLD) log.warn(`and ${fleet.outliers.length - TOLD} more, which the document names`);
  if (result.failures.length === 0) return "DONE";
  const names = result.failures.map(({ node }) => node);
  throw new SlipwayError(
    "ANSWER_IS_NO",
    `${names.length} of ${names.length + result.snapshots.length} nodes were not measured: ${names.slice(0, TOLD).join(", ")}`,
    {
      hint: "The warnings above, and notMeasured of the document, say why.",
    },
  );
}

/** Outliers and nodes that are told one by one. */
const TOLD = 10;

async function write(
  deps: CommandDeps,
  { read, log }: CommandContext,
  directory: string | undefined,
  fleet: FleetSnapshot,
  { snapshots }: FleetResult,
): Promise<void> {
  const format = read(SNAPSHOT_FLAGS.format);
  const summary = { nodes: snapshots.length, outliers: fleet.outliers.length };
  if (directory !== undefined) {
    const { mkdir } = await import("node:fs/promises");
    await mkdir(resolve(deps.io.cwd, directory), { recursive: true });
    const extension = { yaml: "yaml", json: "json", table: "txt" }[format];
    for (const { node, snapshot } of snapshots)
      await deps.files.write(join(directory, `${fileName(node)}.${extension}`), snapshotText(snapshot, format));
    await deps.files.write(join(directory, `fleet.${extension}`), fleetText(fleet, format));
    log.info("fleet written", { directory, ...summary });
    return;
  }
  const { writeDocument } = await import("@slipway/terminal/documents");
  const info = { kind: "FleetSnapshot", format, version: deps.build.version };
  const file = await writeDocument(deps, read(SNAPSHOT_FLAGS.output), fleetText(fleet, format), info);
  if (file !== undefined) log.info("fleet written", { file, ...summary });
}

/** Names of nodes come from a cluster: one that is none must not lead out of the directory. */
function fileName(node: string): string {
  if (/^[a-z0-9][a-z0-9.-]*$/i.test(node)) return node;
  throw new SlipwayError("INVALID_INPUT", `the cluster has a node ${JSON.stringify(node)}, which names no file`, {
    hint: "Write one document with --output FILE.",
  });
}

function measuredNodes({ snapshots, failures }: FleetResult): readonly MeasuredNode[] {
  return [
    ...snapshots.map(({ node, snapshot }) => ({ node, snapshot })),
    ...failures.map(({ node, error }) => ({ node, reason: error.message })),
  ];
}

/** A file with one name a line (empty lines and those that start with # do not count), or what `--nodes` says itself. */
async function nodeChoice(deps: CommandDeps, text: string): Promise<NodeChoice> {
  const isPath = /^\.{0,2}\/|\.txt$/.test(text);
  const info = /[=!(),]/.test(text) || text === "" ? undefined : await deps.files.info(text);
  if (!isPath && (info === undefined || info.kind === "directory")) return parseNodeChoice(text);
  const { utf8Text } = await import("@slipway/base");
  const lines = utf8Text(await deps.files.read(text, NAMES_BYTES), text).split(/\r?\n/);
  const rows = lines.map((line, index) => ({ name: line.replace(/#.*/, "").trim(), line: index + 1 }));
  const names = rows.filter(({ name }) => name !== "").map((row) => nodeName(row, text));
  if (names.length > 0) return { kind: "names", names: [...new Set(names)] };
  throw new SlipwayError("INVALID_INPUT", "names no nodes", {
    place: { file: text },
    hint: "One name a line is expected.",
  });
}

/** The file may be any, even a secret one: what is no name is not shown. */
function nodeName({ name, line }: { readonly name: string; readonly line: number }, file: string): string {
  if (isSubdomainName(name)) return name;
  throw new SlipwayError("INVALID_INPUT", "this line is no name of a node", {
    place: { file, line },
    hint: "One name a line is expected.",
  });
}

/** A target that ends with a slash, or is a directory, takes a file for each node. */
async function directoryOf({ files }: CommandDeps, target: string | undefined): Promise<string | undefined> {
  if (target === undefined || target.startsWith("cm://") || target === "-" || target === "") return undefined;
  const info = await files.info(target);
  if (info?.kind === "directory") return target;
  if (!target.endsWith("/")) return undefined;
  if (info !== undefined) throw new SlipwayError("INVALID_INPUT", "this is no directory", { place: { file: target } });
  return target;
}
