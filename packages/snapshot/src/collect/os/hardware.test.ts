import { expect, test } from "vitest";
import { fakeHost, type FakeFile } from "../testing/fake-host.ts";
import { board, cpu, memory, numa } from "./hardware.ts";
import { kmod } from "./kmod.ts";
import { nic } from "./nic.ts";

const CPU = "/sys/devices/system/cpu";

/** Written by us after the kernel's documentation: a machine with two sockets, one core of two threads in each. */
const MACHINE: Readonly<Record<string, FakeFile>> = {
  "/proc/cpuinfo":
    "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Platinum 8480C\nmicrocode\t: 0x2b000603\ncpu MHz\t\t: 2000.000\n\nprocessor\t: 1\nmicrocode\t: 0xother\n",
  "/proc/sys/kernel/arch": "x86_64\n",
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap((id) => [
      [`${CPU}/cpu${id}/topology/physical_package_id`, `${id % 2}\n`],
      [`${CPU}/cpu${id}/topology/thread_siblings_list`, `${id % 2},${(id % 2) + 2}\n`],
    ]),
  ),
  [`${CPU}/cpufreq/policy0/x`]: "1",
  [`${CPU}/online`]: "0-3\n",
  [`${CPU}/isolated`]: "\n",
  [`${CPU}/smt/control`]: "on\n",
  [`${CPU}/cpu0/cpufreq/scaling_governor`]: "performance\n",
  "/proc/meminfo": "MemTotal:       2113471092 kB\nMemFree:        1 kB\nSwapTotal:      0 kB\nHugePages_Total: 3\n",
  "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages": "512\n",
  "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages": "0\n",
  "/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
  "/sys/kernel/mm/transparent_hugepage/defrag": "always defer defer+madvise [madvise] never\n",
  "/sys/devices/system/node/node0/cpulist": "0,2\n",
  "/sys/devices/system/node/node0/distance": "10 21\n",
  "/sys/devices/system/node/node1/cpulist": "1,3\n",
  "/sys/devices/system/node/node1/distance": "21 10\n",
  "/sys/class/dmi/id/sys_vendor": "NVIDIA\n",
  "/sys/class/dmi/id/product_name": "DGXH100\n",
  "/sys/class/dmi/id/product_serial": "planted-serial\n",
  "/sys/class/dmi/id/bios_version": "1.5.8\n",
  "/sys/class/dmi/id/bios_date": "07/29/2024\n",
};

test("cpu, memory, numa and board of a machine with two sockets", () => {
  const host = fakeHost({ files: MACHINE });
  const told = [cpu(host), memory(host), numa(host), board(host)].map(({ name, data }) => [
    name,
    Object.fromEntries(data),
  ]);
  expect(told).toEqual([
    [
      "cpu",
      {
        architecture: "x86_64",
        vendor: "GenuineIntel",
        model: "Intel(R) Xeon(R) Platinum 8480C",
        microcode: "0x2b000603",
        sockets: 2,
        cores: 2,
        threads: 4,
        online: "0-3",
        smt: "on",
        governor: "performance",
      },
    ],
    [
      "memory",
      {
        "total-gib": 2016,
        "swap-gib": 0,
        "hugepages-1048576kB.count": 0,
        "hugepages-2048kB.count": 512,
        "transparent-hugepages.enabled": "madvise",
        "transparent-hugepages.defrag": "madvise",
      },
    ],
    [
      "numa",
      {
        nodes: 2,
        "0.cpus": "0,2",
        "0.distance": "10 21",
        "1.cpus": "1,3",
        "1.distance": "21 10",
      },
    ],
    [
      "board",
      { "sys-vendor": "NVIDIA", "product-name": "DGXH100", "bios-version": "1.5.8", "bios-date": "07/29/2024" },
    ],
  ]);
});

test("an Arm processor names its maker and part by number", () => {
  const files = { "/proc/cpuinfo": "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n" };
  expect(Object.fromEntries(cpu(fakeHost({ files })).data)).toEqual({ vendor: "0x41", model: "0xd4f" });
  const model = { "/proc/device-tree/model": "NVIDIA Grace\0" };
  expect(Object.fromEntries(board(fakeHost({ files: model })).data)).toEqual({ "device-tree-model": "NVIDIA Grace" });
});

const CX7 = "/sys/devices/pci0000:00/0000:1a:00.0";

/** Written by us after the kernel's ABI documentation: a ConnectX-7, a virtual function, and what is no hardware. */
const NETWORK: Readonly<Record<string, FakeFile>> = {
  "/sys/class/net/ens1f0": { link: `../../devices/pci0000:00/0000:1a:00.0/net/ens1f0` },
  [`${CX7}/net/ens1f0/device`]: { link: "../../../0000:1a:00.0" },
  [`${CX7}/net/ens1f0/operstate`]: "up\n",
  [`${CX7}/net/ens1f0/speed`]: "400000\n",
  [`${CX7}/net/ens1f0/mtu`]: "9000\n",
  [`${CX7}/net/ens1f0/address`]: "aa:bb:cc:dd:ee:ff\n",
  [`${CX7}/driver`]: { link: "../../../bus/pci/drivers/mlx5_core" },
  [`${CX7}/vendor`]: "0x15b3\n",
  [`${CX7}/device`]: "0x1021\n",
  [`${CX7}/numa_node`]: "0\n",
  [`${CX7}/sriov_numvfs`]: "8\n",
  [`${CX7}/infiniband/mlx5_0/x`]: "",
  "/sys/class/infiniband/mlx5_0": { link: "../../devices/pci0000:00/0000:1a:00.0/infiniband/mlx5_0" },
  [`${CX7}/infiniband/mlx5_0/device`]: { link: "../../../0000:1a:00.0" },
  [`${CX7}/infiniband/mlx5_0/fw_ver`]: "28.39.2048\n",
  [`${CX7}/infiniband/mlx5_0/board_id`]: "MT_0000000838\n",
  [`${CX7}/infiniband/mlx5_0/hca_type`]: "MT4129\n",
  [`${CX7}/infiniband/mlx5_0/node_guid`]: "aaaa:bbbb:cccc:dddd\n",
  [`${CX7}/infiniband/mlx5_0/node_type`]: "1: CA\n",
  [`${CX7}/infiniband/mlx5_0/ports/1/state`]: "4: ACTIVE\n",
  [`${CX7}/infiniband/mlx5_0/ports/1/phys_state`]: "5: LinkUp\n",
  [`${CX7}/infiniband/mlx5_0/ports/1/rate`]: "400 Gb/sec (4X NDR)\n",
  [`${CX7}/infiniband/mlx5_0/ports/1/link_layer`]: "InfiniBand\n",
  "/sys/class/net/ens1f0v0": { link: "../../devices/pci0000:00/0000:1a:00.2/net/ens1f0v0" },
  "/sys/devices/pci0000:00/0000:1a:00.2/net/ens1f0v0/device": { link: "../../../0000:1a:00.2" },
  "/sys/devices/pci0000:00/0000:1a:00.2/net/ens1f0v0/operstate": "down\n",
  "/sys/devices/pci0000:00/0000:1a:00.2/net/ens1f0v0/speed": { unreadable: "the kernel does not give it" },
  "/sys/devices/pci0000:00/0000:1a:00.2/physfn": { link: "../0000:1a:00.0" },
  "/sys/devices/pci0000:00/0000:1a:00.2/numa_node": "-1\n",
  "/sys/class/net/lo": { link: "../../devices/virtual/net/lo" },
  "/sys/class/net/cali123": { link: "../../devices/virtual/net/cali123" },
  "/sys/class/net/bonding_masters": "bond0\n",
};

test("network interfaces and RDMA devices that are hardware", () => {
  expect(Object.fromEntries(nic(fakeHost({ files: NETWORK })).data)).toEqual({
    "ens1f0.driver": "mlx5_core",
    "ens1f0.pci-address": "0000:1a:00.0",
    "ens1f0.pci-id": "15b3:1021",
    "ens1f0.numa-node": 0,
    "ens1f0.firmware-version": "28.39.2048",
    "ens1f0.rdma-device": "mlx5_0",
    "ens1f0.state": "up",
    "ens1f0.speed-mbps": 400_000,
    "ens1f0.mtu": 9000,
    "ens1f0.virtual-functions": 8,
    "ens1f0v0.pci-address": "0000:1a:00.2",
    "ens1f0v0.state": "down",
    "ens1f0v0.is-virtual-function": true,
    "mlx5_0.driver": "mlx5_core",
    "mlx5_0.pci-address": "0000:1a:00.0",
    "mlx5_0.pci-id": "15b3:1021",
    "mlx5_0.numa-node": 0,
    "mlx5_0.firmware-version": "28.39.2048",
    "mlx5_0.board-id": "MT_0000000838",
    "mlx5_0.hca-type": "MT4129",
    "mlx5_0.node-type": "CA",
    "mlx5_0.port.1.state": "ACTIVE",
    "mlx5_0.port.1.physical-state": "LinkUp",
    "mlx5_0.port.1.rate": "400 Gb/sec (4X NDR)",
    "mlx5_0.port.1.link-layer": "InfiniBand",
  });
});

test("modules by name, whatever their sizes and uses are", () => {
  const files = {
    "/proc/modules":
      "nvidia_uvm 4943872 4 - Live 0x0000000000000000 (POE)\nnvidia 11567104 89 nvidia_uvm, Live 0x0 (POE)\n\npkcs8_key_parser 16384 0 - Live 0x0\n",
  };
  expect(kmod(fakeHost({ files }))).toEqual({
    name: "kmod",
    data: new Map([
      ["nvidia", true],
      ["nvidia_uvm", true],
      ["pkcs8_key_parser", true],
    ]),
  });
  expect(kmod(fakeHost())).toBeUndefined();
});
