import { expect, test } from "vitest";
import { pciGpu, recorded, smiOf, told } from "../testing/gpu-told.ts";

const NO_HARDWARE = { present: false, count: 0, "driver-loaded": false, "detection-source": "pci" };

const PCI = "/sys/bus/pci/devices";

test("two different GPUs of which one tells little: every device is told of, and nothing that goes up and down", async () => {
  const nvlink = `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)
\t Link 0: 26.562 GB/s
\t Link 1: 26.562 GB/s
\t Link 2: <inactive>
GPU 1: NVIDIA H100 PCIe (UUID: GPU-2)
`;
  const files = pciGpu("0000:1b:00.0", "2330", "nvidia");
  const found = await told(smiOf(recorded("h100-v13.xml"), { "nvlink -s": nvlink }), files);
  expect(found).toEqual({
    smi: {
      "gpu-count": 2,
      driver: "580.105.08",
      "cuda-version": "13.0",
      "gpu.model": "NVIDIA H100 80GB HBM3",
      "gpu.product-architecture": "Hopper",
      "gpu.display-mode": "Requested functionality has been deprecated",
      "gpu.display-active": "Disabled",
      "gpu.persistence-mode": "Enabled",
      "gpu.addressing-mode": "HMM",
      "gpu.vbios-version": "96.00.99.00.01",
      "gpu.gsp-firmware-version": "580.105.08",
    },
    summary: {
      source: "nvidia-smi",
      "gpu-count": 2,
      uniform: false,
      models: "1 x NVIDIA H100 80GB HBM3, 1 x NVIDIA H100 PCIe & more",
      "memory-total-mib": 81_559,
      architectures: "Hopper",
      "vbios-versions": "96.00.30.00.01 96.00.99.00.01",
      "mig-enabled": 0,
    },
    devices: {
      "0.uuid": "GPU-00000000-0000-0000-0000-000000000001",
      "0.serial": "1650000000001",
      "0.model": "NVIDIA H100 80GB HBM3",
      "0.architecture": "Hopper",
      "0.pci-bus-id": "00000000:1B:00.0",
      "0.pci-device-id": "233010DE",
      "0.pci-subsystem-id": "16C110DE",
      "0.board-part-number": "692-2G520-0200-000",
      "0.gpu-part-number": "2330-885-A1",
      "0.vbios-version": "96.00.99.00.01",
      "0.gsp-firmware-version": "580.105.08",
      "0.inforom-version": "G520.0200.00.05",
      "0.inforom-ecc-version": "7.16",
      "0.ecc-mode": "Enabled",
      "0.ecc-mode-pending": "Enabled",
      "0.mig-mode": "Disabled",
      "0.mig-mode-pending": "Disabled",
      "0.persistence-mode": "Enabled",
      "0.compute-mode": "Default",
      "0.addressing-mode": "HMM",
      "0.c2c-mode": "Disabled",
      "0.virtualization-mode": "None",
      "0.pcie-width-max": "16x",
      "0.fabric.state": "Completed",
      "0.fabric.status": "Success",
      "0.fabric.clique-id": "0",
      "0.fabric.cluster-uuid": "00000000-0000-0000-0000-00000000000c",
      "0.platform.module-id": "2",
      "0.memory-total-mib": 81_559,
      "0.bar1-total-mib": 131_072,
      "0.pcie-generation-max": 5,
      "0.power-limit-w": 650.5,
      "0.power-limit-default-w": 700,
      "0.power-limit-min-w": 200,
      "0.power-limit-max-w": 700,
      "0.clock-max-graphics-mhz": 1980,
      "0.clock-max-sm-mhz": 1980,
      "0.clock-max-memory-mhz": 2619,
      "0.clock-application-graphics-mhz": 1980,
      "0.clock-application-memory-mhz": 2619,
      "0.remapped-rows-correctable": 1,
      "0.remapped-rows-uncorrectable": 4,
      "0.numa-node": 1,
      "0.nvlink.version": 4,
      "0.nvlink.links-up": 2,
      "0.nvlink.links-down": 1,
      "0.nvlink.speed-gb-per-s": 26.562,
      "1.uuid": "GPU-00000000-0000-0000-0000-000000000002",
      "1.model": "NVIDIA H100 PCIe & more",
      "1.pci-bus-id": "00000000:43:00.0",
      "1.vbios-version": "96.00.30.00.01",
    },
    health: {
      state: "ok",
      "gpus-lost": 0,
      "gpus-not-ok": 0,
      "0.state": "ok",
      "0.ecc-uncorrectable-volatile": 0,
      "0.ecc-uncorrectable-aggregate": 7,
      "0.row-remap-pending": false,
      "0.row-remap-failure": false,
      "0.sram-threshold-exceeded": false,
      "0.channel-repair-pending": false,
      "0.tpc-repair-pending": false,
      "0.hw-slowdown": false,
      "0.hw-thermal-slowdown": false,
      "0.hw-power-brake-slowdown": false,
      "0.recovery-action": "None",
      "0.pcie-width": "16x",
      "1.state": "ok",
    },
    hardware: {
      present: true,
      count: 1,
      model: "NVIDIA H100 80GB HBM3",
      "driver-loaded": false,
      "detection-source": "pci",
      "0.pci-address": "0000:1b:00.0",
      "0.pci-id": "10de:2330",
      "0.model": "NVIDIA H100 80GB HBM3",
      "0.driver": "nvidia",
      "0.numa-node": 1,
    },
    notes: [],
  });
  expect(JSON.stringify(found)).not.toMatch(/planted|python/);
});

test("GPUs that are lost, fail, wear out or are not told of are all seen", async () => {
  const files = { ...pciGpu("0008:01:00.0", "2941", "nvidia"), ...pciGpu("0019:01:00.0", "2941", "nvidia") };
  const { health, summary, devices, smi, notes } = await told(smiOf(recorded("gb200-lost-v13.xml"), {}, 14), {
    ...files,
    ...pciGpu("0020:01:00.0", "2941", "vfio-pci"),
  });
  expect(smi).toMatchObject({ "gpu-count": 4, "gpu.model": "NVIDIA GB200" });
  expect(summary).toMatchObject({ "gpu-count": 4, uniform: true, models: "3 x NVIDIA GB200" });
  expect(devices).toMatchObject({
    "0.platform.tray": "11",
    "0.platform.chassis-serial": "1820000000000",
    "1.memory-total-mib": "GPU is lost",
    "1.remapped-rows-uncorrectable": "GPU is lost",
    "1.fabric.state": "GPU is lost",
    "2.gsp-firmware-version": "ERR!",
  });
  expect(health).toEqual({
    state: "lost",
    "gpus-lost": 2,
    "gpus-not-ok": 5,
    "gpus-not-told-of": 1,
    unseen: "0019:01:00.0",
    "0.state": "degraded",
    "0.ecc-uncorrectable-volatile": 5,
    "0.row-remap-pending": true,
    "0.row-remap-failure": true,
    "0.hw-slowdown": true,
    "0.hw-thermal-slowdown": true,
    "0.recovery-action": "Drain and Reset",
    "0.problems":
      "rows wait to be remapped, a reset is needed; remapping of a row failed; the hardware clocks down; the hardware clocks down because of heat; 5 uncorrectable memory errors since the start; the driver asks for: Drain and Reset; the NVLink fabric is not joined: In Progress",
    "1.state": "lost",
    "1.ecc-uncorrectable-volatile": "GPU is lost",
    "1.row-remap-pending": "GPU is lost",
    "1.row-remap-failure": "GPU is lost",
    "1.fields-in-error": 4,
    "1.problems": "GPU is lost",
    "2.state": "failing",
    "2.fields-in-error": 2,
    "2.problems": "ERR!; [Unknown Error]",
  });
  expect(notes).toEqual([
    "nvidia-smi ended with 14: the infoROM of a GPU is corrupted: the report stands, but have the board looked at.",
    "nvidia-smi told of 3 of 4 GPUs: the others could not be asked. Look at dmesg for lines with NVRM and Xid.",
    "The GPU at 0019:01:00.0 is on the PCI bus and nvidia-smi does not tell of it. Look at dmesg for Xid 79.",
    expect.stringMatching(/^GPU 0 is degraded: rows wait/),
    "GPU 1 is lost: GPU is lost.",
    "GPU 2 is failing: ERR!; [Unknown Error].",
  ]);
});

test.each([
  ["by nvidia-smi -L", { "-L": LIST() }, ["3g.20gb", "1c.1g.5gb"], ["MIG-1", "MIG-2"]],
  ["by its size", {}, ["3g.20gb", "1g.5gb"], [undefined, undefined]],
])("the profiles of MIG devices are told %s", async (_, more, profiles, uuids) => {
  const { devices, summary } = await told(smiOf(recorded("a100-mig-v12.xml"), more));
  const kept = (key: string): unknown => Object.entries(devices ?? {}).find(([name]) => name === key)?.[1];
  expect(summary).toMatchObject({ "mig-enabled": 1 });
  expect([0, 1].map((index) => kept(`0.mig.${index}.profile`))).toEqual(profiles);
  expect([0, 1].map((index) => kept(`0.mig.${index}.uuid`))).toEqual(uuids);
  expect(devices).toMatchObject({
    "0.mig-mode": "Enabled",
    "0.mig-mode-pending": "Disabled",
    "0.platform.module-id": "4",
    "0.mig.count": 2,
    "0.mig.0.gpu-instance-id": 1,
    "0.mig.0.compute-instance-id": 0,
    "0.mig.0.multiprocessors": 42,
    "0.mig.1.memory-total-mib": 4864,
  });
});

function LIST(): string {
  return `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-a)
  MIG 3g.20gb     Device  0: (UUID: MIG-1)
  MIG 1c.1g.5gb   Device  1: (UUID: MIG-2)
`;
}

test("what a GPU has not is left out: an L40S", async () => {
  expect(await told(smiOf(recorded("l40s-v12.xml")))).toEqual({
    smi: {
      "gpu-count": 1,
      driver: "570.158.01",
      "cuda-version": "12.8",
      "gpu.model": "NVIDIA L40S",
      "gpu.product-architecture": "Ada Lovelace",
      "gpu.addressing-mode": "N/A",
    },
    summary: {
      source: "nvidia-smi",
      "gpu-count": 1,
      uniform: true,
      models: "1 x NVIDIA L40S",
      "memory-total-mib": 46_068,
      architectures: "Ada Lovelace",
      "mig-enabled": 0,
    },
    devices: {
      "0.uuid": "GPU-00000000-0000-0000-0000-000000000040",
      "0.model": "NVIDIA L40S",
      "0.architecture": "Ada Lovelace",
      "0.pci-bus-id": "00000000:30:00.0",
      "0.pcie-width-max": "16x",
      "0.memory-total-mib": 46_068,
    },
    health: { state: "ok", "gpus-lost": 0, "gpus-not-ok": 0, "0.state": "ok", "0.pcie-width": "8x" },
    hardware: NO_HARDWARE,
    notes: [],
  });
});

test("the words of driver 418 are understood too: a V100", async () => {
  const { devices, health, smi } = await told(smiOf(recorded("v100-v10.xml")));
  expect(smi).toEqual({
    "gpu-count": 1,
    driver: "418.226.00",
    "cuda-version": "10.1",
    "gpu.model": "Tesla V100-SXM2-16GB",
  });
  expect(devices).toEqual({
    "0.uuid": "GPU-00000000-0000-0000-0000-000000000100",
    "0.model": "Tesla V100-SXM2-16GB",
    "0.pci-bus-id": "00000000:1A:00.0",
    "0.power-limit-w": 300,
    "0.power-limit-default-w": 300,
    "0.retired-pages-single-bit": 0,
    "0.retired-pages-double-bit": 2,
  });
  expect(health).toEqual({
    state: "degraded",
    "gpus-lost": 0,
    "gpus-not-ok": 1,
    "0.state": "degraded",
    "0.ecc-uncorrectable-volatile": 0,
    "0.ecc-uncorrectable-aggregate": 2,
    "0.page-retirement-pending": true,
    "0.hw-slowdown": false,
    "0.hw-power-brake-slowdown": true,
    "0.problems": "pages wait to be retired, a reset is needed; the power supply makes it clock down",
  });
});

test("without nvidia-smi the PCI bus tells what is there; display adapters of others, and audio, are none", async () => {
  const files = {
    ...pciGpu("0000:0b:00.0", "2330"),
    ...pciGpu("0000:0a:00.0", "ffff", "vfio-pci"),
    ...pciGpu("0000:0c:00.0", "22a3"),
    [`${PCI}/0000:0c:00.0/class`]: "0x068000\n",
    [`${PCI}/0000:02:00.0/vendor`]: "0x1a03\n",
    [`${PCI}/0000:02:00.0/class`]: "0x030000\n",
  };
  expect(await told(undefined, files)).toEqual({
    smi: { "gpu-count": 0 },
    summary: {
      source: "pci",
      "gpu-count": 2,
      uniform: false,
      models: "1 x NVIDIA H100 80GB HBM3, 1 x unknown NVIDIA GPU 10de:ffff",
    },
    hardware: {
      present: true,
      count: 2,
      models: "unknown NVIDIA GPU 10de:ffff, NVIDIA H100 80GB HBM3",
      "driver-loaded": false,
      "detection-source": "pci",
      "0.pci-address": "0000:0a:00.0",
      "0.pci-id": "10de:ffff",
      "0.model": "unknown NVIDIA GPU 10de:ffff",
      "0.driver": "vfio-pci",
      "0.numa-node": 1,
      "1.pci-address": "0000:0b:00.0",
      "1.pci-id": "10de:2330",
      "1.model": "NVIDIA H100 80GB HBM3",
      "1.driver": "none",
      "1.numa-node": 1,
    },
    notes: ["2 GPUs are on the PCI bus and there is no nvidia-smi: the driver is not installed, or not mounted here."],
  });
});

test("a machine without GPUs says so and nothing else", async () => {
  expect(await told(undefined)).toEqual({ smi: { "gpu-count": 0 }, hardware: NO_HARDWARE, notes: [] });
});

test.each([
  [
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.105.08  Release Build  (dvs)  Wed\nGCC version: gcc\n",
    { "driver-loaded": true, "driver-version": "580.105.08", "driver-kind": "open" },
  ],
  [
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12\n",
    { "driver-loaded": true, "driver-version": "535.183.01", "driver-kind": "proprietary" },
  ],
])("the kernel's driver: %j", async (text, expected) => {
  const { hardware } = await told(undefined, { "/proc/driver/nvidia/version": text });
  expect(hardware).toEqual({ ...NO_HARDWARE, ...expected });
});

test("where only the module tells of the driver, its version is told", async () => {
  const { hardware } = await told(undefined, { "/sys/module/nvidia/version": "550.54.15\n" });
  expect(hardware).toEqual({ ...NO_HARDWARE, "driver-loaded": true, "driver-version": "550.54.15" });
});
