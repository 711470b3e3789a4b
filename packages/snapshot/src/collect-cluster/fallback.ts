import type { Collected, Collector } from "../collector.ts";
import type { Subtype } from "../model.ts";

/**
 * A collector of GPUs that asks the cluster where the machine itself shows none: local subtypes come first, and a subtype
 * of the cluster stands in where the local collector has none of its name. A failure of the cluster's is a note at most.
 */
export function withClusterGpus(local: Collector, cluster: Collector): Collector {
  return withFallback(local, cluster, ({ subtypes }) => subtypes.some(showsGpu));
}

/** A collector of services that asks the cluster where the machine itself has no systemd. */
export function withClusterServices(local: Collector, cluster: Collector): Collector {
  return withFallback(local, cluster, ({ subtypes }) => subtypes.some(({ data }) => data.size > 0));
}

function withFallback(local: Collector, cluster: Collector, isEnough: (found: Collected) => boolean): Collector {
  return {
    name: local.name,
    type: local.type,
    collect: async (signal) => {
      const found = await attempt(local, signal);
      if (!(found instanceof Error) && isEnough(found)) return found;
      const more = await attempt(cluster, signal);
      if (more instanceof Error) {
        if (found instanceof Error) throw found;
        return { ...found, notes: [...found.notes, `The cluster was not asked either: ${more.message}.`] };
      }
      if (found instanceof Error) {
        if (more.subtypes.length === 0) throw found;
        return { ...more, notes: [`${found.message}; what the cluster knows stands in.`, ...more.notes] };
      }
      return { subtypes: merged(found.subtypes, more.subtypes), notes: [...found.notes, ...more.notes] };
    },
  };
}

async function attempt(collector: Collector, signal: AbortSignal): Promise<Collected | Error> {
  try {
    return await collector.collect(signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error) return error;
    throw error;
  }
}

function merged(local: readonly Subtype[], cluster: readonly Subtype[]): readonly Subtype[] {
  const names = new Set(local.filter(({ data }) => data.size > 0).map(({ name }) => name));
  const added = cluster.filter(({ name }) => !names.has(name));
  return [...local.filter(({ name }) => !added.some((subtype) => subtype.name === name)), ...added];
}

/** A count above zero, or a model, is a GPU. */
export function showsGpu({ data }: Subtype): boolean {
  const count = data.get("gpu-count");
  if (typeof count === "number") return count > 0;
  return [...data.keys()].some((key) => /(^|\.)model$/.test(key));
}
