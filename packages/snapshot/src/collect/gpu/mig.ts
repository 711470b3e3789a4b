import type { Maybe } from "../os/hardware.ts";
import type { ReportElement } from "./report.ts";
import { amount, valueAt } from "./value.ts";

/** What `nvidia-smi -L` calls a MIG device. */
export interface MigName {
  readonly profile: string;
  readonly uuid: string;
}

/**
 * Reads `nvidia-smi -L`, which tells the profiles that the XML report lacks.
 *
 * @returns the MIG devices of each GPU by the GPU's index, in their order
 */
export function parseList(stdout: string): ReadonlyMap<number, readonly MigName[]> {
  const found = new Map<number, MigName[]>();
  let current: MigName[] = [];
  for (const line of stdout.split("\n")) {
    const [, index] = /^GPU (\d+):/.exec(line) ?? [];
    if (index !== undefined) found.set(Number(index), (current = []));
    const [, profile, uuid] = /^\s+MIG (\S+)\s+Device\s+\d+:\s+\(UUID: ([^)]+)\)/.exec(line) ?? [];
    if (profile !== undefined && uuid !== undefined) current.push({ profile, uuid });
  }
  return found;
}

/** Whether a GPU is divided. */
export function hasMig(gpu: ReportElement): boolean {
  return gpu.all("mig_devices.mig_device").length > 0;
}

/** The instances of a GPU, `mig.0.profile` and so on, and how many there are. */
export function migInstances(gpu: ReportElement, names: readonly MigName[]): Maybe {
  const instances = gpu.all("mig_devices.mig_device");
  if (instances.length === 0) return [];
  const readings = instances.flatMap((instance, index): Maybe => {
    const memory = amount(valueAt(instance, ["fb_memory_usage.total"]));
    const shared = "device_attributes.shared.multiprocessor_count";
    const multiprocessors = amount(valueAt(instance, [shared]));
    const profile = names[index]?.profile ?? profileOf(gpu.text("product_name") ?? "", multiprocessors, memory);
    return [
      [`mig.${index}.profile`, profile],
      [`mig.${index}.uuid`, names[index]?.uuid],
      [`mig.${index}.gpu-instance-id`, amount(valueAt(instance, ["gpu_instance_id"]))],
      [`mig.${index}.compute-instance-id`, amount(valueAt(instance, ["compute_instance_id"]))],
      [`mig.${index}.multiprocessors`, multiprocessors],
      [`mig.${index}.memory-total-mib`, memory],
    ];
  });
  return [["mig.count", instances.length], ...readings];
}

/** The slices of an A100 or A30 have 14 multiprocessors (NVIDIA's MIG user guide); those of later GPUs differ in size. */
const PER_SLICE = 14;

/** The profile by its size, for GPUs whose slices all have one size. */
function profileOf(model: string, multiprocessors: unknown, memory: unknown): string | undefined {
  if (!/\bA(100|30|800)\b/.test(model) || typeof multiprocessors !== "number" || typeof memory !== "number")
    return undefined;
  const slices = multiprocessors / PER_SLICE;
  return Number.isInteger(slices) && slices > 0 ? `${slices}g.${Math.ceil(memory / 1024)}gb` : undefined;
}
