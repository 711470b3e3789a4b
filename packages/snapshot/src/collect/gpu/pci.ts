import type { Reading, Subtype } from "../../model.ts";
import { linkName, numberIn, shortText, type Host } from "../host.ts";
import { known } from "../os/hardware.ts";
import { gpuModel } from "./pci-models.ts";

const DEVICES = "/sys/bus/pci/devices";
const NVIDIA = "0x10de";

/** A GPU of NVIDIA's on the PCI bus. */
export interface PciGpu {
  /** As the kernel writes it: `0000:53:00.0`. */
  readonly address: string;
  /** Four hexadecimal digits. */
  readonly deviceId: string;
  readonly model: string;
  /** The driver that has it: `nvidia`, `vfio-pci`, `nouveau`; nothing when none has. */
  readonly driver?: string | undefined;
  readonly numaNode?: number | undefined;
}

/** Finds GPUs without a driver: PCI class 0x0300 (display) or 0x0302 (3D), vendor 0x10de. In the order of addresses. */
export function pciGpus(host: Host): readonly PciGpu[] {
  return host.files.list(DEVICES).flatMap(({ name }): readonly PciGpu[] => {
    const path = `${DEVICES}/${name}`;
    if (shortText(host, `${path}/vendor`)?.toLowerCase() !== NVIDIA) return [];
    if (!/^0x030[02]/i.test(shortText(host, `${path}/class`) ?? "")) return [];
    const deviceId = (shortText(host, `${path}/device`) ?? "").replace(/^0x/, "").toLowerCase();
    const node = numberIn(host, `${path}/numa_node`);
    return [
      {
        address: name.toLowerCase(),
        deviceId,
        model: gpuModel(deviceId) ?? `unknown NVIDIA GPU 10de:${deviceId}`,
        driver: linkName(host, `${path}/driver`),
        numaNode: node === undefined || node < 0 ? undefined : node,
      },
    ];
  });
}

/**
 * The subtype `hardware`: what the PCI bus and the kernel tell of GPUs without asking the driver. `model` is there when
 * all GPUs are of one model.
 */
export function hardware(host: Host, gpus: readonly PciGpu[]): Subtype {
  const models = [...new Set(gpus.map(({ model }) => model))];
  const driver = driverFacts(host);
  const data = known([
    ["present", gpus.length > 0],
    ["count", gpus.length],
    ["model", models.length === 1 ? models[0] : undefined],
    ["models", models.length > 1 ? models.join(", ") : undefined],
    ["driver-loaded", driver !== undefined],
    ["driver-version", driver?.version],
    ["driver-kind", driver?.kind],
    ["detection-source", "pci"],
  ]);
  for (const [index, gpu] of gpus.entries()) addDevice(data, index, gpu);
  return { name: "hardware", data };
}

function addDevice(data: Map<string, Reading>, index: number, gpu: PciGpu): void {
  data.set(`${index}.pci-address`, gpu.address);
  data.set(`${index}.pci-id`, `10de:${gpu.deviceId}`);
  data.set(`${index}.model`, gpu.model);
  data.set(`${index}.driver`, gpu.driver ?? "none");
  if (gpu.numaNode !== undefined) data.set(`${index}.numa-node`, gpu.numaNode);
}

interface DriverFacts {
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
}

/** The first line of /proc/driver/nvidia/version names the open kernel modules; else the version of the module. */
function driverFacts(host: Host): DriverFacts | undefined {
  const line = shortText(host, "/proc/driver/nvidia/version")?.split("\n")[0];
  const version =
    /\s(\d{3,}\.\d+(?:\.\d+)?)\s/.exec(`${line ?? ""} `)?.[1] ?? shortText(host, "/sys/module/nvidia/version");
  if (line === undefined) return version === undefined ? undefined : { version };
  return { version, kind: /Open Kernel Module/i.test(line) ? "open" : "proprietary" };
}
