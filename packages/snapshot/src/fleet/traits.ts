import { readingText } from "../decode-snapshot.ts";
import { glanceAt } from "../glance.ts";
import type { Snapshot } from "../model.ts";
import { compareNames } from "../order.ts";

/**
 * What nodes of one kind should have alike, by a name for people: hardware, driver, firmware, kernel, system. What was not
 * measured is left out.
 */
export function traitsOf(snapshot: Snapshot): ReadonlyMap<string, string> {
  const glance = glanceAt(snapshot);
  const traits: readonly (readonly [string, string | number | undefined])[] = [
    ["GPU model", glance.gpuModel],
    ["GPUs", glance.gpuCount],
    ["Driver", glance.driver],
    ["CUDA", glance.cuda],
    ["VBIOS", distinct(snapshot, "GPU", /vbios-versions?$/)],
    ["GSP firmware", distinct(snapshot, "GPU", /gsp-firmware-version$/)],
    ["NIC firmware", distinct(snapshot, "OS", /(^|\.)firmware-version$/)],
    ["Kernel", glance.kernel],
    ["OS", glance.os],
    ["Kubelet", distinct(snapshot, "K8s", /^kubelet-version$/)],
    ["Runtime", glance.containerRuntime],
  ];
  return new Map(
    traits.flatMap(([name, value]): readonly (readonly [string, string])[] =>
      value === undefined || value === "" ? [] : [[name, String(value)]],
    ),
  );
}

/** A node's pool unless the caller knows better. */
export function poolOf(snapshot: Snapshot): string {
  return glanceAt(snapshot).gpuModel ?? "no GPU";
}

/** The different values of all keys that fit, in order. */
function distinct(snapshot: Snapshot, type: string, key: RegExp): string | undefined {
  const values = snapshot.measurements
    .filter((measurement) => measurement.type === type)
    .flatMap(({ subtypes }) => subtypes)
    .flatMap(({ data }) => [...data].filter(([name]) => key.test(name)).map(([, reading]) => readingText(reading)))
    .filter((text) => text !== "");
  return values.length === 0 ? undefined : [...new Set(values)].sort(compareNames).join(", ");
}
