import { readingText } from "./decode-snapshot.ts";
import type { Reading, Snapshot } from "./model.ts";

/** What a person asks of a node first; a part that was not measured is absent. */
export interface Glance {
  readonly node?: string | undefined;
  readonly os?: string | undefined;
  readonly kernel?: string | undefined;
  readonly kubernetes?: string | undefined;
  readonly containerRuntime?: string | undefined;
  readonly gpuModel?: string | undefined;
  readonly gpuCount?: number | undefined;
  readonly driver?: string | undefined;
  readonly cuda?: string | undefined;
}

/** The few readings that say what a node is, wherever the snapshot holds them. */
export function glanceAt(snapshot: Snapshot): Glance {
  const first = (type: string, ...keys: readonly string[]): string | undefined => {
    const reading = firstReading(snapshot, type, keys);
    return reading === undefined || reading === "" ? undefined : readingText(reading);
  };
  const count = Number(first("GPU", "gpu-count", "count") ?? Number.NaN);
  const runtime = [first("K8s", "container-runtime-name"), first("K8s", "container-runtime-version")];
  return {
    node: snapshot.metadata.sourceNode ?? first("K8s", "source-node"),
    os: first("OS", "PRETTY_NAME", "NAME") ?? first("K8s", "os-image"),
    kernel: first("K8s", "kernel-version") ?? first("OS", "/proc/sys/kernel/osrelease", "kernel.osrelease"),
    kubernetes: readingAt(snapshot, "K8s", "server", "version"),
    containerRuntime: runtime.every((part) => part === undefined) ? undefined : runtime.join(" ").trim(),
    gpuModel: first("GPU", "gpu.model", "gpu.0.model", "model"),
    gpuCount: Number.isSafeInteger(count) ? count : undefined,
    driver: first("GPU", "driver", "driver-version"),
    cuda: first("GPU", "cuda-version"),
  };
}

/** The first reading of a type that has one of the keys; earlier keys go before later ones. */
function firstReading(snapshot: Snapshot, type: string, keys: readonly string[]): Reading | undefined {
  const groups = snapshot.measurements.filter((each) => each.type === type).flatMap(({ subtypes }) => subtypes);
  for (const key of keys) {
    const found = groups.find(({ data }) => data.has(key));
    if (found !== undefined) return found.data.get(key);
  }
  return undefined;
}

function readingAt(snapshot: Snapshot, type: string, subtype: string, key: string): string | undefined {
  const reading = snapshot.measurements
    .find((each) => each.type === type)
    ?.subtypes.find(({ name }) => name === subtype)
    ?.data.get(key);
  return reading === undefined ? undefined : readingText(reading);
}
