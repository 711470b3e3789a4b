import type { Reading, Subtype } from "../../model.ts";
import type { Report } from "./report.ts";

/** Of the first GPU: our name and the element. */
const FIRST_GPU = [
  ["model", "product_name"],
  ["product-architecture", "product_architecture"],
  ["display-mode", "display_mode"],
  ["display-active", "display_active"],
  ["persistence-mode", "persistence_mode"],
  ["addressing-mode", "addressing_mode"],
  ["vbios-version", "vbios_version"],
  ["gsp-firmware-version", "gsp_firmware_version"],
] as const;

/**
 * The subtype `smi` of release 0.11.1 of aicr: number of GPUs, driver and CUDA version, and facts about the first GPU as
 * nvidia-smi words them, `N/A` too. Without a report only the number, 0.
 */
export function smi(report: Report | undefined): Subtype {
  const data = new Map<string, Reading>([["gpu-count", report === undefined ? 0 : gpuCount(report)]]);
  const add = (name: string, text: string | undefined): void => {
    if (text !== undefined && text !== "") data.set(name, text);
  };
  add("driver", report?.log.text("driver_version"));
  add("cuda-version", report?.log.text("cuda_version"));
  for (const [name, element] of FIRST_GPU) add(`gpu.${name}`, report?.gpus[0]?.text(element));
  return { name: "smi", data };
}

/** How many GPUs the driver has, which may be more than the report tells of. */
export function gpuCount(report: Report): number {
  const attached = report.log.text("attached_gpus") ?? "";
  return /^\d{1,4}$/.test(attached) ? Number(attached) : report.gpus.length;
}
