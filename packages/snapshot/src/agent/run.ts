import { SlipwayError } from "@slipway/base";
import { RESOURCES, isAlreadyExists, type KubeObject, type OwnerReference, type Resource } from "@slipway/kube";
import { Creations, removalCommands } from "./creations.ts";
import type { AgentDeps } from "./deps.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { TargetNames } from "./names.ts";
import {
  agentClusterRole,
  agentNamespace,
  agentRights,
  ownerOf,
  snapshotConfigMap,
  snapshotJob,
  type RunPlan,
} from "./objects.ts";
import type { Placement } from "./placement.ts";
import { warn, type Preflight } from "./preflight.ts";
import { awaitJob } from "./job-wait.ts";
import { readResult, type AgentSnapshot } from "./result.ts";

/** A run whose rights are made: it measures nodes. */
export interface AgentRun {
  /** One Job: made, waited for, read. Throws as `awaitJob` and `readResult` do. */
  measure(target: TargetNames, placement: Placement, options: MeasureOptions): Promise<AgentSnapshot>;
  /** Removes a Job and its ConfigMap; does nothing when everything is to stay. What fails is tried again at the end. */
  release(target: TargetNames): Promise<void>;
}

/** How one node is measured. */
export interface MeasureOptions {
  readonly signal: AbortSignal;
  /** Its name, in a run with several. */
  readonly node?: string;
  /** Its operating system, in place of the plan's. */
  readonly os?: string | undefined;
}

/** Milliseconds that tidying up may take, and after Ctrl-C, when the process has less than a second to live. */
const TIDY_MS = 15_000;
const HASTY_TIDY_MS = 800;

/**
 * Makes what the Jobs of a run share, does something with it, and removes everything, whatever came of it. At Ctrl-C all
 * removals are sent at once. What could not be removed is told with the command that does it.
 *
 * @param cleanup false leaves everything where it is
 */
export async function withRun<Result>(
  deps: AgentDeps,
  plan: RunPlan,
  { hasNamespace }: Pick<Preflight, "hasNamespace">,
  cleanup: boolean,
  work: (run: AgentRun) => Promise<Result>,
): Promise<Result> {
  const creations = new Creations(deps);
  try {
    await removeLeftovers(deps, plan.options.namespace);
    if (!hasNamespace) await makeNamespace(deps, plan);
    const owner = await makeRights(deps, creations, plan);
    return await work(runOf(deps, creations, plan, owner, cleanup));
  } finally {
    if (cleanup) await tidyUp(deps, creations);
    else await tellWhatStays(deps, creations, plan);
  }
}

/** The namespace stays: other runs, and other people, may be using it by now. */
async function makeNamespace({ client, signal, onProgress }: AgentDeps, { options }: RunPlan): Promise<void> {
  onProgress?.({ kind: "note", message: `making the namespace ${options.namespace}, which stays` });
  try {
    await client.create(RESOURCES.namespaces, agentNamespace(options), { signal, fieldValidation: "Strict" });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

async function makeRights(deps: AgentDeps, creations: Creations, plan: RunPlan): Promise<OwnerReference | undefined> {
  if (plan.options.serviceAccountName !== undefined) return undefined;
  deps.onProgress?.({ kind: "step", message: `making the rights of the run ${plan.names.runId}` });
  const owner = ownerOf(await creations.create(RESOURCES.clusterRoles, agentClusterRole(plan)));
  const byKind = new Map<string, Resource>(Object.values(RESOURCES).map((resource) => [resource.kind, resource]));
  const create = async (object: KubeObject): Promise<void> => {
    const resource = byKind.get(object.kind);
    if (resource === undefined) throw new SlipwayError("BUG", `no resource for ${object.kind}`);
    await creations.create(resource, object);
  };
  const rights = agentRights(plan, owner);
  await Promise.all(rights.filter(({ kind }) => kind !== "RoleBinding").map(create));
  // The server looks whether the user has what the Role grants, so that has to be there.
  await Promise.all(rights.filter(({ kind }) => kind === "RoleBinding").map(create));
  return owner;
}

function runOf(
  deps: AgentDeps,
  creations: Creations,
  plan: RunPlan,
  owner: OwnerReference | undefined,
  cleanup: boolean,
): AgentRun {
  const { namespace, image, timeoutMs } = plan.options;
  return {
    measure: async (target, placement, { node, os = plan.options.os, signal }) => {
      const map = await creations.create(RESOURCES.configMaps, snapshotConfigMap(plan, target, owner));
      await creations.create(
        RESOURCES.jobs,
        snapshotJob({ ...plan, options: { ...plan.options, os } }, target, placement, ownerOf(map)),
      );
      await awaitJob({ ...deps, signal }, { name: target.job, namespace, image, node, timeoutMs });
      return readResult({ ...deps, signal }, namespace, target.snapshot);
    },
    release: async (target) => {
      if (cleanup) await creations.remove(TIDY_MS, new Set([target.job, target.snapshot]));
    },
  };
}

async function tidyUp(deps: AgentDeps, creations: Creations): Promise<void> {
  const leftovers = await creations.remove(deps.signal.aborted ? HASTY_TIDY_MS : TIDY_MS);
  const [first] = leftovers;
  if (first === undefined) return;
  const commands = removalCommands(leftovers).map((command) => `  ${command}`);
  warn(deps, `not everything could be removed (${first.reason}); remove it with:\n${commands.join("\n")}`);
}

async function tellWhatStays({ onProgress }: AgentDeps, creations: Creations, plan: RunPlan): Promise<void> {
  const commands = removalCommands(await creations.made()).map((command) => `  ${command}`);
  if (commands.length === 0) return;
  const message = `the objects of the run ${plan.names.runId} stay; remove them with:\n${commands.join("\n")}`;
  onProgress?.({ kind: "note", message });
}
