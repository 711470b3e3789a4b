import { SlipwayError } from "@slipway/base";
import { some } from "../collect-cluster/choose-node.ts";
import { gpuEvidence } from "../collect-cluster/nodes.ts";
import type { AgentDeps } from "./deps.ts";
import { newRunId, runNames, targetNames } from "./names.ts";
import type { RunPlan } from "./objects.ts";
import type { AgentOptions } from "./options.ts";
import { systemOf } from "./placement.ts";
import { placementOf, preflight, warn, type Preflight } from "./preflight.ts";
import { hasGpu, type AgentSnapshot } from "./result.ts";
import { withRun } from "./run.ts";

/** How a run of the agent is made. */
export interface RunAgentOptions extends AgentOptions {
  /** Default true; false leaves the Job, the rights and the ConfigMap in the cluster. */
  readonly cleanup?: boolean | undefined;
}

/** What one agent measured. */
export interface AgentResult extends AgentSnapshot {
  readonly runId: string;
}

/**
 * Measures one node of a cluster with a Job: looks whether that can succeed, makes the rights and the Job, waits, reads, and
 * removes what it made, at Ctrl-C too. Two runs at once never meet.
 *
 * @throws SlipwayError NOT_ALLOWED with all rights that are missing, NOT_FOUND for what is named and not there,
 * ANSWER_IS_NO when a GPU is required and the node shows none, TIMED_OUT with what it waited for, INTERRUPTED; what else the Job failed of
 */
export async function runAgent(deps: AgentDeps, options: RunAgentOptions): Promise<AgentResult> {
  const known = await preflight(deps, options);
  const placement = placementOf(deps, options, known.nodes);
  const runId = newRunId(deps.random);
  const target = targetNames(options.jobName, runId);
  const names = runNames(options.jobName, runId);
  const os = options.os ?? systemOf(known.nodes, placement);
  const plan = { options: { ...options, os }, names, targets: [target], expires: expiryOf(deps, options.timeoutMs) };
  const result = await withRun(deps, plan, known, options.cleanup ?? true, async (run) =>
    run.measure(target, placement, { signal: deps.signal }),
  );
  checkForGpu(deps, options, known, result);
  return { ...result, runId };
}

/** Milliseconds that making and removing objects takes at most. */
const AROUND_MS = 5 * 60_000;

/** When a run that starts now is over for sure. */
export function expiryOf({ clock }: Pick<AgentDeps, "clock">, workMs: number): RunPlan["expires"] {
  return new Date(clock.now().getTime() + workMs + AROUND_MS).toISOString();
}

/** A snapshot without a GPU is what nobody wants of a cluster that has some, and nobody notices it. */
function checkForGpu(deps: AgentDeps, options: AgentOptions, { nodes = [] }: Preflight, result: AgentSnapshot): void {
  const { snapshot } = result;
  if (hasGpu(snapshot)) return;
  const node = snapshot.metadata.sourceNode ?? "that was measured";
  const gpuNodes = nodes.filter((candidate) => gpuEvidence(candidate) !== undefined).map(({ name }) => name);
  if (options.requireGpu === true) {
    throw new SlipwayError("ANSWER_IS_NO", `the node ${node} shows no GPU, and one is required`, {
      hint: gpuNodes.length === 0 ? "No node of the cluster shows one." : `GPU nodes are ${some(gpuNodes)}.`,
    });
  }
  if (gpuNodes.length === 0) return;
  const own = gpuNodes.includes(node)
    ? "although the cluster knows of one; is its driver loaded?"
    : `but these nodes do: ${some(gpuNodes)}; choose one with --node-selector kubernetes.io/hostname=NAME`;
  warn(deps, `THE SNAPSHOT HAS NO GPU DATA: the node ${node} shows no GPU, ${own}`);
}
