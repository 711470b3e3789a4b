import type { ExitName } from "@slipway/base";
import type { Snapshot } from "@slipway/snapshot";
import { printRbac, runAgent } from "@slipway/snapshot/agent";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { AGENT_FLAGS } from "../flags/snapshot-flags.ts";
import { agentDeps, agentOptions } from "./agent-options.ts";
import type { ClusterOnce } from "./cluster-once.ts";

/** Measures a node of the cluster with a Job. Errors as {@link runAgent} and reaching the cluster. */
export async function snapshotAgent(
  deps: CommandDeps,
  context: CommandContext,
  cluster: ClusterOnce,
): Promise<Snapshot> {
  const client = await cluster.client();
  const options = agentOptions(deps, context, client.connection.namespace);
  const cleanup = !context.read(AGENT_FLAGS.noCleanup);
  const { snapshot } = await runAgent(agentDeps(deps, context, client), { ...options, cleanup });
  context.progress.done();
  return snapshot;
}

/** Prints the objects that the agent and whoever starts it need, without a cluster. */
export function printAgentRbac(deps: CommandDeps, context: CommandContext): ExitName {
  deps.io.stdout.write(printRbac(agentOptions(deps, context, "default")));
  return "DONE";
}
