import { SlipwayError, group } from "@slipway/base";
import type { NodeFacts } from "../collect-cluster/nodes.ts";
import type { AgentDeps } from "./deps.ts";
import { AgentFailure } from "./job-wait.ts";
import { newRunId, runNames, targetNames } from "./names.ts";
import { chooseNodes, isReady, type NodeChoice } from "./node-choice.ts";
import { systemOf } from "./placement.ts";
import { preflight, warn } from "./preflight.ts";
import { hasGpu, type AgentSnapshot } from "./result.ts";
import { expiryOf, type RunAgentOptions } from "./run-agent.ts";
import { withRun, type AgentRun } from "./run.ts";

/** How a fleet is measured. `timeoutMs` holds for each node. */
export interface RunFleetOptions extends RunAgentOptions {
  readonly nodes: NodeChoice;
  /** How many nodes are measured at a time; default 10. */
  readonly workers?: number | undefined;
}

/** A node that was measured. */
export interface FleetSnapshot extends AgentSnapshot {
  readonly node: string;
}

/** A node that was not. */
export interface FleetFailure {
  readonly node: string;
  readonly error: SlipwayError;
}

/** What came of a fleet; both lists in the order of the nodes' names. */
export interface FleetResult {
  readonly runId: string;
  readonly snapshots: readonly FleetSnapshot[];
  readonly failures: readonly FleetFailure[];
}

const WORKERS = 10;

/**
 * Measures nodes with a Job for each, some at a time, with one service account and one set of rights. A node that fails is
 * in the result with its reason, and the others go on; nothing is tried twice.
 *
 * @throws SlipwayError USAGE for fewer than one worker; as {@link runAgent} does when nothing can be measured at all, e.g.
 * when the namespace refuses every pod
 */
export async function runFleet(deps: AgentDeps, options: RunFleetOptions): Promise<FleetResult> {
  const { workers = WORKERS, jobName } = options;
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new SlipwayError("USAGE", `${workers} workers measure nothing`, { place: { field: "--workers" } });
  }
  const known = await preflight(deps, options);
  const nodes = await chooseNodes(deps, options.nodes, known.nodes);
  const runId = newRunId(deps.random);
  const targets = new Map(nodes.map(({ name }) => [name, targetNames(jobName, runId, name)]));
  const rounds = Math.ceil(nodes.length / workers);
  const expires = expiryOf(deps, options.timeoutMs * rounds);
  const plan = { options, names: runNames(jobName, runId), targets: [...targets.values()], expires };
  const outcomes = await withRun(deps, plan, known, options.cleanup ?? true, async (run) =>
    group(
      workers,
      nodes.map((node) => async (signal) => measureNode({ ...deps, signal }, options, run, node, runId)),
      deps.signal,
    ),
  );
  return {
    runId,
    snapshots: outcomes.filter((outcome) => "snapshot" in outcome),
    failures: outcomes.filter((outcome) => "error" in outcome),
  };
}

async function measureNode(
  deps: AgentDeps,
  { requireGpu, jobName }: RunFleetOptions,
  run: AgentRun,
  node: NodeFacts,
  runId: string,
): Promise<FleetSnapshot | FleetFailure> {
  const { name } = node;
  const target = targetNames(jobName, runId, name);
  try {
    if (!isReady(node)) throw new SlipwayError("UNAVAILABLE", "the node is not ready");
    const placement = { kind: "nodes", names: [name] } as const;
    const os = systemOf([node], placement);
    const result = await run.measure(target, placement, { node: name, os, signal: deps.signal });
    if (!hasGpu(result.snapshot)) {
      if (requireGpu === true) throw new SlipwayError("ANSWER_IS_NO", "the node shows no GPU, and one is required");
      warn(deps, "the snapshot has no GPU data", name);
    }
    return { node: name, ...result };
  } catch (error) {
    deps.signal.throwIfAborted();
    if (error instanceof AgentFailure && error.general) throw error;
    if (!(error instanceof SlipwayError) || error.code === "BUG") throw error;
    warn(deps, `not measured: ${error.message}`, name);
    return { node: name, error };
  } finally {
    if (!deps.signal.aborted) await run.release(target);
  }
}
