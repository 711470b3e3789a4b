import { SlipwayError, type ExitName } from "@slipway/base";
import type { Snapshot } from "@slipway/snapshot";
import { showsGpu } from "@slipway/snapshot/collect-cluster";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { clusterOnce } from "../actions/cluster-once.ts";
import { refuseClimbing } from "../actions/snapshot-target.ts";
import { snapshotRenderer } from "../actions/snapshot-renderer.ts";
import { chosenCollectors, takeLocalSnapshot } from "../actions/take-local-snapshot.ts";
import { withDocuments } from "../actions/with-documents.ts";
import { AGENT_FLAGS, SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";

/** Where a snapshot is measured. */
type Mode = "rbac" | "local" | "agent" | "fleet";

/** What `aicr snapshot` does: measures here, or with an agent on one node or many, once or again and again. */
export async function runSnapshot(given: CommandDeps, context: CommandContext): Promise<ExitName> {
  const { read } = context;
  const mode = modeOf(given, context);
  refuseMixes(context, mode);
  chosenCollectors(context);
  if (mode === "rbac") return (await import("../actions/snapshot-agent.ts")).printAgentRbac(given, context);
  const target = read(SNAPSHOT_FLAGS.output);
  refuseClimbing(target ?? "");
  const cluster = clusterOnce(given, context);
  const deps = await withDocuments(given, context, [target], cluster);
  if (mode === "fleet") return (await import("../actions/snapshot-fleet.ts")).snapshotFleet(deps, context, cluster);
  const { checkTarget, writeDocument } = await import("@slipway/terminal/documents");
  const render = await snapshotRenderer(deps, context);
  const take = async (context: CommandContext): Promise<Snapshot> => {
    if (mode === "agent") return (await import("../actions/snapshot-agent.ts")).snapshotAgent(deps, context, cluster);
    return (await takeLocalSnapshot(deps, context, cluster)).snapshot;
  };
  if (read(SNAPSHOT_FLAGS.watch))
    return (await import("../actions/watch-cluster.ts")).watchCluster(deps, context, take);
  checkTarget(target, deps);
  const snapshot = await take(context);
  const info = { kind: "Snapshot", format: read(SNAPSHOT_FLAGS.format), version: deps.build.version };
  const file = await writeDocument(deps, target, render(snapshot), info);
  if (file !== undefined) context.log.info("snapshot written", { file, ...glance(snapshot) });
  return verdict(context, snapshot);
}

function modeOf({ io }: CommandDeps, { read, isGiven }: CommandContext): Mode {
  if (read(SNAPSHOT_FLAGS.printRbac)) return "rbac";
  if (io.env["AICR_AGENT_MODE"] === "true") return "local";
  if (isGiven(AGENT_FLAGS.nodes)) return "fleet";
  return read(SNAPSHOT_FLAGS.agent) || Object.values(AGENT_FLAGS).some((flag) => isGiven(flag)) ? "agent" : "local";
}

/** Something that a command line must not say, and what to do instead. */
type Rule = readonly [refused: boolean, message: string, hint?: string];

/** Two flags that cannot both mean something, and numbers that cannot mean anything. */
function refuseMixes(context: CommandContext, mode: Mode): void {
  const rules = [...fleetRules(context, mode), ...watchRules(context), ...numberRules(context)];
  const [, message, hint] = rules.find(([refused]) => refused) ?? [];
  if (message !== undefined) throw new SlipwayError("USAGE", message, { hint });
}

function fleetRules({ read, isGiven }: CommandContext, mode: Mode): readonly Rule[] {
  const { watch, workers, template, nodes, requireGpu, runtimeClass } = SNAPSHOT_FLAGS;
  const fleet = mode === "fleet";
  return [
    [fleet && read(watch), "--watch goes with one node, not with --nodes"],
    [fleet && isGiven(template), "--template writes one snapshot, and --nodes makes many"],
    [isGiven(workers) && !isGiven(nodes), "--workers means nothing without --nodes"],
    [
      read(requireGpu) && isGiven(runtimeClass),
      "--require-gpu and --runtime-class exclude each other",
      "Give --require-gpu where a device plugin hands out GPUs, --runtime-class where a free GPU cannot be had.",
    ],
  ];
}

function watchRules({ read, isGiven }: CommandContext): readonly Rule[] {
  const { watch, output, interval, ignore, onChange } = SNAPSHOT_FLAGS;
  const [watching, pause] = [read(watch), read(interval)];
  const idle = [interval, ignore, onChange].find((flag) => isGiven(flag) && !watching);
  return [
    [idle !== undefined, `--${idle?.name} means nothing without --watch`],
    [
      watching && isGiven(output),
      "--watch prints changes to standard output, so --output has no place",
      "Redirect it: aicr snapshot --watch > changes.jsonl",
    ],
    [watching && (pause < 1000 || pause > DAY_MS), "--interval is from 1s to 24h"],
  ];
}

const DAY_MS = 24 * 60 * 60_000;

function numberRules({ read }: CommandContext): readonly Rule[] {
  const { timeout, maxNodesPerEntry } = SNAPSHOT_FLAGS;
  const limit = read(timeout) ?? DAY_MS;
  return [
    [limit < 1 || limit > DAY_MS, "--timeout is more than 0, and 24h at most"],
    [(read(maxNodesPerEntry) ?? 0) < 0, "--max-nodes-per-entry is 0, for all nodes, or more"],
  ];
}

function verdict({ read }: CommandContext, snapshot: Snapshot): ExitName {
  if (!read(SNAPSHOT_FLAGS.requireGpu) || ofNode(snapshot)) return "DONE";
  throw new SlipwayError("ANSWER_IS_NO", "the node shows no GPU, and --require-gpu wants one", {
    hint: "Is its driver loaded? The snapshot was written all the same: look at GPU in it.",
  });
}

/** Whether the node itself shows a GPU; those of other nodes of its cluster do not count. */
function ofNode({ measurements }: Snapshot): boolean {
  return measurements.some(
    ({ type, subtypes }) =>
      type === "GPU" && subtypes.some((subtype) => subtype.name !== "cluster" && showsGpu(subtype)),
  );
}

function glance({ metadata, measurements }: Snapshot): Readonly<Record<string, string | number>> {
  const count = measurements.flatMap(({ subtypes }) => subtypes).reduce((sum, { data }) => sum + data.size, 0);
  return { ...(metadata.sourceNode === undefined ? {} : { node: metadata.sourceNode }), readings: count };
}
