import type { Reading, Subtype } from "../../model.ts";
import { numberIn, type Host } from "../host.ts";
import { known, type Maybe } from "../os/hardware.ts";
import { migInstances, type MigName } from "./mig.ts";
import { nvlinkReadings, type NvlinkStates } from "./nvlink.ts";
import type { Report, ReportElement } from "./report.ts";
import { amount, isFault, valueAt } from "./value.ts";

/** What nvidia-smi told beside its report. */
export interface Extras {
  /** By the index of the GPU. */
  readonly nvlink: ReadonlyMap<number, NvlinkStates>;
  readonly mig: ReadonlyMap<number, readonly MigName[]>;
}

type Fact = readonly [name: string, ...paths: readonly string[]];

/** Read as text. Several paths: the versions of the format name the same thing differently. */
const TEXTS: readonly Fact[] = [
  ["uuid", "uuid"],
  ["serial", "serial"],
  ["model", "product_name"],
  ["architecture", "product_architecture"],
  ["pci-bus-id", "pci.pci_bus_id", "@id"],
  ["pci-device-id", "pci.pci_device_id"],
  ["pci-subsystem-id", "pci.pci_sub_system_id"],
  ["board-part-number", "board_part_number"],
  ["gpu-part-number", "gpu_part_number"],
  ["vbios-version", "vbios_version"],
  ["gsp-firmware-version", "gsp_firmware_version"],
  ["inforom-version", "inforom_version.img_version"],
  ["inforom-ecc-version", "inforom_version.ecc_object"],
  ["ecc-mode", "ecc_mode.current_ecc"],
  ["ecc-mode-pending", "ecc_mode.pending_ecc"],
  ["mig-mode", "mig_mode.current_mig"],
  ["mig-mode-pending", "mig_mode.pending_mig"],
  ["persistence-mode", "persistence_mode"],
  ["compute-mode", "compute_mode"],
  ["addressing-mode", "addressing_mode"],
  ["c2c-mode", "c2c_mode"],
  ["dram-encryption", "dram_encryption_mode.current_dram_encryption"],
  ["virtualization-mode", "gpu_virtualization_mode.virtualization_mode"],
  ["pcie-width-max", "pci.pci_gpu_link_info.link_widths.max_link_width"],
  ["fabric.state", "fabric.state"],
  ["fabric.status", "fabric.status"],
  ["fabric.clique-id", "fabric.cliqueId"],
  ["fabric.cluster-uuid", "fabric.clusterUuid"],
  ["platform.chassis-serial", "platformInfo.chassis_serial_number", "platformInfo.chassis_physical_slot_number"],
  ["platform.slot", "platformInfo.slot_number"],
  ["platform.tray", "platformInfo.tray_index"],
  ["platform.host-id", "platformInfo.host_id"],
  ["platform.peer-type", "platformInfo.peer_type"],
  ["platform.module-id", "platformInfo.module_id", "gpu_module_id"],
];

/** Read as numbers, in the unit that ends the name. */
const AMOUNTS: readonly Fact[] = [
  ["memory-total-mib", "fb_memory_usage.total"],
  ["bar1-total-mib", "bar1_memory_usage.total"],
  ["pcie-generation-max", "pci.pci_gpu_link_info.pcie_gen.max_link_gen"],
  ["power-limit-w", "gpu_power_readings.current_power_limit", "power_readings.power_limit"],
  ["power-limit-default-w", "gpu_power_readings.default_power_limit", "power_readings.default_power_limit"],
  ["power-limit-min-w", "gpu_power_readings.min_power_limit", "power_readings.min_power_limit"],
  ["power-limit-max-w", "gpu_power_readings.max_power_limit", "power_readings.max_power_limit"],
  ["clock-max-graphics-mhz", "max_clocks.graphics_clock"],
  ["clock-max-sm-mhz", "max_clocks.sm_clock"],
  ["clock-max-memory-mhz", "max_clocks.mem_clock"],
  ["clock-application-graphics-mhz", "applications_clocks.graphics_clock"],
  ["clock-application-memory-mhz", "applications_clocks.mem_clock"],
  ["retired-pages-single-bit", "retired_pages.multiple_single_bit_retirement.retired_count"],
  ["retired-pages-double-bit", "retired_pages.double_bit_retirement.retired_count"],
  ["remapped-rows-correctable", "remapped_rows.remapped_row_corr"],
  ["remapped-rows-uncorrectable", "remapped_rows.remapped_row_unc"],
];

/**
 * The subtype `devices`: for every GPU, with its index and a dot in front, what it is and how it is set. Readings that
 * go up and down (temperature, use, current clocks and power, processes) are left out. A field that nvidia-smi could not
 * ask for holds what it said instead, such as `GPU is lost`.
 */
export function devices(host: Host, report: Report, extras: Extras): Subtype {
  const data = new Map<string, Reading>();
  for (const [index, gpu] of report.gpus.entries()) {
    for (const [name, reading] of known(deviceFacts(host, gpu, index, extras))) data.set(`${index}.${name}`, reading);
  }
  return { name: "devices", data };
}

function deviceFacts(host: Host, gpu: ReportElement, index: number, extras: Extras): Maybe {
  return [
    ...TEXTS.map(([name, ...paths]): Maybe[number] => [name, valueAt(gpu, paths)]),
    ...AMOUNTS.map(([name, ...paths]): Maybe[number] => [name, amount(valueAt(gpu, paths))]),
    ["numa-node", numaNode(host, gpu)],
    ...nvlinkReadings(extras.nvlink.get(index), gpu.text("product_architecture")),
    ...migInstances(gpu, extras.mig.get(index) ?? []),
  ];
}

function numaNode(host: Host, gpu: ReportElement): number | undefined {
  const address = sysAddress(busId(gpu));
  const node = address === undefined ? undefined : numberIn(host, `/sys/bus/pci/devices/${address}/numa_node`);
  return node === undefined || node < 0 ? undefined : node;
}

/** The PCI address of a GPU as nvidia-smi writes it. */
export function busId(gpu: ReportElement): string | undefined {
  const id = valueAt(gpu, ["pci.pci_bus_id", "@id"]);
  return id === undefined || isFault(id) ? undefined : id;
}

/** The PCI address as the kernel writes it: `00000000:53:00.0` is `0000:53:00.0`. */
export function sysAddress(id: string | undefined): string | undefined {
  const [, domain = "", rest] = /^([0-9a-f]{4,8})(:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/i.exec(id ?? "") ?? [];
  return rest === undefined ? undefined : `${domain.slice(-4)}${rest}`.toLowerCase();
}
