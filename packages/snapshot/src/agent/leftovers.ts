import { SlipwayError } from "@slipway/base";
import { RESOURCES, nameOf, type KubeObject, type Resource } from "@slipway/kube";
import { foldList } from "../collect-cluster/fold-list.ts";
import { removalCommands } from "./creations.ts";
import type { AgentDeps } from "./deps.ts";
import { AGENT_SELECTOR, EXPIRES } from "./names.ts";
import { warn } from "./preflight.ts";

/** Clocks may differ by that much before somebody else's run is taken for a dead one. */
const CLOCK_SKEW_MS = 10 * 60_000;

/** What owns all objects of a run: its ClusterRole, or its ConfigMap where the user brought the service account. */
const OWNERS: readonly Resource[] = [RESOURCES.clusterRoles, RESOURCES.configMaps];

/**
 * Removes what killed runs left behind: runs that should have ended long ago, by what they wrote themselves. Whatever fails
 * here is told and does not stop the run.
 */
export async function removeLeftovers(deps: AgentDeps, namespace: string): Promise<void> {
  const found = await Promise.all(OWNERS.map(async (resource) => expired(deps, resource, namespace)));
  await Promise.all(found.flat().map(async (leftover) => removeOne(deps, leftover)));
}

interface DeadRun {
  readonly resource: Resource;
  readonly object: KubeObject;
}

async function expired(deps: AgentDeps, resource: Resource, namespace: string): Promise<readonly DeadRun[]> {
  const { client, clock, signal } = deps;
  const scope = resource.namespaced ? { namespace } : {};
  const options = { ...scope, labelSelector: AGENT_SELECTOR, metadataOnly: true, signal };
  const limit = clock.now().getTime() - CLOCK_SKEW_MS;
  try {
    return await foldList(client, resource, options, {
      start: (): DeadRun[] => [],
      add: (dead, object) => {
        const expires = Date.parse(object.metadata.annotations?.[EXPIRES] ?? "");
        // Without a readable time it is not one of ours.
        if (expires < limit && object.metadata.deletionTimestamp === undefined) dead.push({ resource, object });
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    // Who may not look, or cannot now, leaves it to the next run.
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}

async function removeOne(deps: AgentDeps, { resource, object }: DeadRun): Promise<void> {
  const { uid, namespace } = object.metadata;
  const name = nameOf(object);
  const what = `${resource.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
  try {
    await deps.client.delete(resource, name, {
      namespace,
      propagation: "Background",
      signal: deps.signal,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
    const message = `removed what a run that was killed left behind: ${what} and what belongs to it`;
    deps.onProgress?.({ kind: "step", message });
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof SlipwayError) || error.code === "NOT_FOUND" || error.code === "CONFLICT") return;
    const [command = ""] = removalCommands([{ resource, namespace, name }]);
    warn(deps, `a run that was killed left ${what} behind; remove it with: ${command}`);
  }
}
