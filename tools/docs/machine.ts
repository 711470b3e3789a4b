/** A GPU node for the pages: parts of a root file system, written by us after the kernel's documentation. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How a machine differs from the others. */
export interface MachineOptions {
  readonly name: string;
  readonly driver: string;
  readonly kernel: string;
}

/** What `gpu-1` is, and what most nodes of the pages are like. */
export const USUAL = { driver: "580.105.08", kernel: "6.8.0-1031-aws" } as const;

const GPUS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const NIC = "sys/devices/pci0000:00/0000:1a:00.0";

/** Writes the root of a machine into a folder. Programs in its `usr/bin` are shell scripts that play what a node has. */
export function writeMachine(root: string, machine: MachineOptions): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  };
  for (const [path, text] of Object.entries(files(machine))) write(path, text);
  for (const index of GPUS) {
    const device = `sys/bus/pci/devices/${addressOf(index)}`;
    write(`${device}/vendor`, "0x10de\n");
    write(`${device}/device`, "0x2330\n");
    write(`${device}/class`, "0x030200\n");
    write(`${device}/numa_node`, `${index < 4 ? 0 : 1}\n`);
    link(`${device}/driver`, "../../../../bus/pci/drivers/nvidia");
  }
  link("sys/class/net/ens1f0", "../../devices/pci0000:00/0000:1a:00.0/net/ens1f0");
  link(`${NIC}/net/ens1f0/device`, "../../../0000:1a:00.0");
  link(`${NIC}/driver`, "../../../bus/pci/drivers/mlx5_core");
  link("sys/class/infiniband/mlx5_0", "../../devices/pci0000:00/0000:1a:00.0/infiniband/mlx5_0");
  for (const program of ["nvidia-smi", "systemctl"]) chmodSync(join(root, "usr/bin", program), 0o755);
}

function addressOf(index: number): string {
  return `0000:${(0x0a + 4 * index).toString(16).padStart(2, "0")}:00.0`;
}

function files({ name, driver, kernel }: MachineOptions): Readonly<Record<string, string>> {
  return {
    "etc/os-release": 'NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 24.04.3 LTS"\nID=ubuntu\nVERSION_ID="24.04"\n',
    "proc/cmdline": `BOOT_IMAGE=/boot/vmlinuz-${kernel} root=PARTUUID=0c21a5e3-01 ro console=ttyS0 hugepages=512 iommu=pt\n`,
    "proc/modules": "nvidia_uvm 1 0 - Live 0x0\nnvidia 1 1 nvidia_uvm, Live 0x0\nmlx5_core 1 0 - Live 0x0\n",
    "proc/cpuinfo":
      "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Platinum 8480C\nmicrocode\t: 0x2b000639\n",
    "proc/meminfo": "MemTotal:       2113471092 kB\nSwapTotal:             0 kB\n",
    "proc/sys/kernel/arch": "x86_64\n",
    "proc/sys/kernel/hostname": `${name}\n`,
    "proc/sys/kernel/osrelease": `${kernel}\n`,
    "proc/sys/kernel/numa_balancing": "0\n",
    "proc/sys/vm/max_map_count": "1048576\n",
    "proc/sys/vm/swappiness": "10\n",
    "proc/driver/nvidia/version": `NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  ${driver}  Release Build\n`,
    "run/systemd/system/README": "",
    "sys/class/dmi/id/sys_vendor": "NVIDIA\n",
    "sys/class/dmi/id/product_name": "DGXH100\n",
    "sys/class/dmi/id/bios_version": "1.5.8\n",
    [`${NIC}/vendor`]: "0x15b3\n",
    [`${NIC}/device`]: "0x1021\n",
    [`${NIC}/numa_node`]: "0\n",
    [`${NIC}/net/ens1f0/operstate`]: "up\n",
    [`${NIC}/net/ens1f0/speed`]: "400000\n",
    [`${NIC}/net/ens1f0/mtu`]: "9000\n",
    [`${NIC}/infiniband/mlx5_0/fw_ver`]: "28.39.2048\n",
    [`${NIC}/infiniband/mlx5_0/board_id`]: "MT_0000000838\n",
    [`${NIC}/infiniband/mlx5_0/ports/1/state`]: "4: ACTIVE\n",
    [`${NIC}/infiniband/mlx5_0/ports/1/rate`]: "400 Gb/sec (4X NDR)\n",
    "usr/bin/nvidia-smi": smi(driver),
    "usr/bin/systemctl": SYSTEMCTL,
  };
}

/** Plays `nvidia-smi -q -x` and `nvidia-smi nvlink -s`. */
function smi(driver: string): string {
  const gpus = GPUS.map(
    (index) => `<gpu id="0000${addressOf(index)}">
<product_name>NVIDIA H100 80GB HBM3</product_name>
<product_architecture>Hopper</product_architecture>
<uuid>GPU-00000000-0000-4000-8000-00000000000${index}</uuid>
<vbios_version>96.00.89.00.01</vbios_version>
<persistence_mode>Enabled</persistence_mode>
<mig_mode><current_mig>Disabled</current_mig><pending_mig>Disabled</pending_mig></mig_mode>
<ecc_mode><current_ecc>Enabled</current_ecc><pending_ecc>Enabled</pending_ecc></ecc_mode>
<fb_memory_usage><total>81559 MiB</total></fb_memory_usage>
<max_clocks><sm_clock>1980 MHz</sm_clock></max_clocks>
</gpu>`,
  );
  const links = GPUS.map((index) => [`GPU ${index}: NVIDIA H100 80GB HBM3`, "\t Link 0: 26.562 GB/s"].join("\n"));
  return `#!/bin/sh
case "$1" in
nvlink) cat <<'END'
${links.join("\n")}
END
;;
*) cat <<'END'
<?xml version="1.0" ?>
<nvidia_smi_log>
<driver_version>${driver}</driver_version>
<cuda_version>13.0</cuda_version>
<attached_gpus>${GPUS.length}</attached_gpus>
${gpus.join("\n")}
</nvidia_smi_log>
END
;;
esac
`;
}

/** Plays `systemctl show`: containerd and kubelet run, all else is not there. */
const SYSTEMCTL = `#!/bin/sh
for unit in "$@"; do
  case "$unit" in
  containerd.service | kubelet.service)
    printf 'Id=%s\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\nUnitFileState=enabled\\nRestart=always\\nLimitNOFILE=1048576\\n\\n' "$unit" ;;
  *.service) printf 'Id=%s\\nLoadState=not-found\\nActiveState=inactive\\nSubState=dead\\n\\n' "$unit" ;;
  esac
done
`;

/** Plays chroot, which needs root: programs of the machine are looked up in it and run where they are. */
export const CHROOT = `#!/bin/sh
root=$1 program=\${2##*/}
shift 2
exec "$root/usr/bin/$program" "$@"
`;
