import { SlipwayError, type Exec } from "@slipway/base";
import type { FileTree } from "@slipway/terminal/testing";

/** Parts of the root of a small node, below `root`: what `--host-root root` measures. Written for tests. */
export const NODE_ROOT: FileTree = {
  "root/etc/os-release": 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="24.04"\n',
  "root/proc/cmdline": "BOOT_IMAGE=/vmlinuz-6.8.0-60 ro iommu=pt\n",
  "root/proc/modules": "nvidia 1 0 - Live 0x0\n",
  "root/proc/sys/kernel/osrelease": "6.8.0-60-generic\n",
  "root/proc/sys/kernel/hostname": "gpu-1\n",
  "root/run/systemd/system/README": "",
  "root/usr/bin/nvidia-smi": "",
  "root/sys/class/dmi/id/sys_vendor": "NVIDIA\n",
};

/** A report of nvidia-smi about one GPU: as short as its readers take. */
export const SMI_REPORT = `<?xml version="1.0" ?>
<nvidia_smi_log>
  <driver_version>580.105.08</driver_version>
  <cuda_version>13.0</cuda_version>
  <attached_gpus>1</attached_gpus>
  <gpu id="00000000:0A:00.0">
    <product_name>NVIDIA H100 80GB HBM3</product_name>
    <uuid>GPU-00000000-0000-4000-8000-000000000001</uuid>
  </gpu>
</nvidia_smi_log>
`;

/**
 * Plays the programs of a node: systemctl, which knows kubelet alone, and nvidia-smi where there is a report. A program
 * that hangs does not end before it is stopped.
 */
export function nodePrograms({ report, hangs }: { report?: string; hangs?: string } = {}): Exec {
  return {
    run: async (program, args, { signal }) => {
      const words = [program, ...args];
      if (hangs !== undefined && words.includes(hangs)) return new Promise((_, reject) => rejectAt(signal, reject));
      if (words.includes("systemctl"))
        return {
          exitCode: 0,
          stdout: words
            .filter((word) => word.endsWith(".service"))
            .map(unitText)
            .join("\n"),
          stderr: "",
        };
      if (report !== undefined && words.at(-1) === "-x") return { exitCode: 0, stdout: report, stderr: "" };
      throw new SlipwayError("NOT_FOUND", `the program ${program} is not on the PATH`);
    },
  };
}

function rejectAt(signal: AbortSignal, reject: (reason: unknown) => void): void {
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
}

function unitText(unit: string): string {
  const [load, active] = unit === "kubelet.service" ? ["loaded", "active"] : ["not-found", "inactive"];
  return `Id=${unit}\nLoadState=${load}\nActiveState=${active}\n`;
}
