import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { localCollectors } from "./local.ts";
import { nodeHost } from "./node-host.ts";
import { flat } from "./testing/gpu-told.ts";

const NOTHING_THERE = { exitCode: 127, stdout: "", stderr: "chroot: failed to run command: No such file or directory" };
const UNIT = "LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n";

const copies = await mkdtemp(join(tmpdir(), "hosts-"));
afterAll(async () => {
  await rm(copies, { recursive: true });
});

/** All that is measured of a node whose root is mounted somewhere. */
async function measured(name: string, systemctl: boolean): Promise<Readonly<Record<string, object>>> {
  const root = join(copies, name);
  cpSync(join(import.meta.dirname, "testdata/hosts", name), root, { recursive: true });
  const host = nodeHost({
    root,
    env: {},
    platform: "linux",
    exec: {
      run: (_program, args) => {
        const units = args.slice(args.indexOf("--") + 1);
        if (!systemctl || !args.includes("systemctl")) return Promise.resolve(NOTHING_THERE);
        return Promise.resolve({ exitCode: 0, stdout: units.map(() => UNIT).join("\n"), stderr: "" });
      },
    },
  });
  const signal = AbortSignal.timeout(20_000);
  const collectors = localCollectors(host).map(async (collector) => [
    collector.type,
    flat(await collector.collect(signal)),
  ]);
  return Object.fromEntries(await Promise.all(collectors));
}

const NO_GPU = {
  smi: { "gpu-count": 0 },
  hardware: { present: false, count: 0, "driver-loaded": false, "detection-source": "pci" },
  notes: [],
};

const sysctl = (osrelease: string): Readonly<Record<string, string>> => ({
  "/proc/sys/kernel/osrelease": osrelease,
  "/proc/sys/vm/nr_hugepages": "0",
});

test.each([
  [
    "ubuntu-22.04",
    {
      grub: {
        BOOT_IMAGE: "/boot/vmlinuz-5.15.0-1072-aws",
        ro: true,
        console: "tty1 ttyS0",
        "nvme_core.io_timeout": "4294967295",
        panic: "-1",
      },
      sysctl: sysctl("5.15.0-1072-aws"),
      kmod: { ena: true, nvidia: true, nvidia_uvm: true },
      release: {
        PRETTY_NAME: "Ubuntu 22.04.5 LTS",
        NAME: "Ubuntu",
        VERSION_ID: "22.04",
        VERSION: "22.04.5 LTS (Jammy Jellyfish)",
        VERSION_CODENAME: "jammy",
        ID: "ubuntu",
        ID_LIKE: "debian",
      },
      board: { "sys-vendor": "Amazon EC2", "product-name": "p4d.24xlarge" },
      notes: [],
    },
  ],
  [
    "ubuntu-24.04",
    {
      grub: {
        BOOT_IMAGE: "/vmlinuz-6.8.0-60-generic",
        ro: true,
        iommu: "pt",
        hugepagesz: "1G 2M",
        hugepages: "16 512",
      },
      sysctl: sysctl("6.8.0-60-generic"),
      kmod: { mlx5_core: true, nvidia: true },
      release: {
        PRETTY_NAME: "Ubuntu 24.04.2 LTS",
        NAME: "Ubuntu",
        VERSION_ID: "24.04",
        VERSION: "24.04.2 LTS (Noble Numbat)",
        VERSION_CODENAME: "noble",
        ID: "ubuntu",
        ID_LIKE: "debian",
        UBUNTU_CODENAME: "noble",
        LOGO: "ubuntu-logo",
      },
      board: { "sys-vendor": "NVIDIA", "product-name": "DGXH100" },
      notes: [],
    },
  ],
  [
    "rhel-9",
    {
      grub: {
        BOOT_IMAGE: "(hd0,gpt3)/vmlinuz-5.14.0-427.el9.x86_64",
        ro: true,
        crashkernel: "1G-4G:192M,4G-64G:256M,64G-:512M",
        "rd.lvm.lv": "rhel/root rhel/swap",
      },
      sysctl: sysctl("5.14.0-427.el9.x86_64"),
      kmod: { nvidia: true, xfs: true },
      release: {
        NAME: "Red Hat Enterprise Linux",
        VERSION: "9.4 (Plow)",
        ID: "rhel",
        ID_LIKE: "fedora",
        VERSION_ID: "9.4",
        PLATFORM_ID: "platform:el9",
        PRETTY_NAME: "Red Hat Enterprise Linux 9.4 (Plow)",
        ANSI_COLOR: "0;31",
        REDHAT_SUPPORT_PRODUCT_VERSION: "9.4",
      },
      board: { "sys-vendor": "Dell Inc.", "product-name": "PowerEdge XE9680" },
      notes: [],
    },
  ],
  [
    "amazon-linux-2023",
    {
      grub: {
        BOOT_IMAGE: "(hd0,gpt1)/boot/vmlinuz-6.1.141-155.222.amzn2023.x86_64",
        ro: true,
        console: "tty0 ttyS0,115200n8",
        "nvme_core.io_timeout": "4294967295",
        "rd.emergency": "poweroff",
        "rd.shell": "0",
        selinux: "1",
        security: "selinux",
        quiet: true,
      },
      sysctl: sysctl("6.1.141-155.222.amzn2023.x86_64"),
      kmod: { efa: true, nvidia: true },
      release: {
        NAME: "Amazon Linux",
        VERSION: "2023",
        ID: "amzn",
        ID_LIKE: "fedora",
        VERSION_ID: "2023",
        PLATFORM_ID: "platform:al2023",
        PRETTY_NAME: "Amazon Linux 2023.7.20250609",
        SUPPORT_END: "2029-06-30",
      },
      board: { "sys-vendor": "Amazon EC2", "product-name": "g6e.12xlarge" },
      notes: [],
    },
  ],
  [
    "cos",
    {
      grub: {
        BOOT_IMAGE: "/syslinux/vmlinuz.A",
        init: "/usr/lib/systemd/systemd",
        boot: "local",
        rootwait: true,
        ro: true,
        noresume: true,
        loglevel: "7",
        console: "tty1 ttyS0",
        "systemd.unified_cgroup_hierarchy": "1",
        cros_efi: true,
        "dm-mod.create": "vroot,,,ro,0 4077568 verity 0 PARTUUID=00 PARTUUID=00 4096 4096",
      },
      sysctl: sysctl("6.6.93+"),
      kmod: { gve: true, nvidia: true },
      release: {
        NAME: "Container-Optimized OS",
        ID: "cos",
        PRETTY_NAME: "Container-Optimized OS from Google",
        HOME_URL: "https://cloud.google.com/container-optimized-os/docs",
        VERSION: "117",
        VERSION_ID: "117",
        BUILD_ID: "18613.164.98",
        KERNEL_COMMIT_ID: "0000000000000000000000000000000000000000",
      },
      board: { "sys-vendor": "Google", "product-name": "Google Compute Engine" },
      notes: [],
    },
  ],
])("a node with %s", async (name, OS) => {
  const { SystemD, ...others } = await measured(name, true);
  expect(others).toEqual({ OS, GPU: NO_GPU });
  expect(SystemD).toMatchObject({
    notes: [],
    "kubelet.service": { LoadState: "loaded", ActiveState: "active", SubState: "running", UnitFileState: "enabled" },
    "nvidia-fabricmanager.service": { ActiveState: "active" },
  });
});

test("a node with Talos has no systemd", async () => {
  expect(await measured("talos", false)).toEqual({
    OS: {
      grub: {
        "talos.platform": "metal",
        console: "tty0",
        init_on_alloc: "1",
        slab_nomerge: true,
        pti: "on",
        consoleblank: "0",
        "nvme_core.io_timeout": "4294967295",
        "printk.devkmsg": "on",
        selinux: "1",
        "module.sig_enforce": "1",
      },
      sysctl: sysctl("6.12.48-talos"),
      kmod: { nvidia: true, nvidia_peermem: true },
      release: {
        NAME: "Talos",
        ID: "talos",
        VERSION_ID: "v1.11.2",
        PRETTY_NAME: "Talos (v1.11.2)",
        HOME_URL: "https://www.talos.dev/",
        VENDOR_NAME: "Sidero Labs",
      },
      board: { "sys-vendor": "Supermicro", "product-name": "SYS-821GE-TNHR" },
      notes: [],
    },
    SystemD: { notes: ["Talos Linux has no systemd: its services are seen through the Kubernetes API only."] },
    GPU: NO_GPU,
  });
});
