import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { fakeHost, type FakeProgram } from "../testing/fake-host.ts";
import { flat, pciGpu, recorded, smiOf, told } from "../testing/gpu-told.ts";
import { gpuCollector } from "./gpu.ts";

const signal = AbortSignal.timeout(20_000);

test.each([
  [
    9,
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure …\n",
    "nvidia-smi ended with 9: the driver is not loaded: install it, or load it with modprobe nvidia, and look at dmesg.",
  ],
  [
    18,
    "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.105\n",
    "nvidia-smi ended with 18: the driver in the kernel and its libraries are of different versions: drain the node and restart it.",
  ],
  [
    12,
    "",
    "nvidia-smi ended with 12: its library libnvidia-ml.so.1 is not there: the driver is not installed completely, or not mounted here.",
  ],
  [255, "out of order\n", "nvidia-smi ended with 255: out of order."],
  [3, "", "nvidia-smi ended with 3: it does not say why."],
  [
    6,
    "No devices were found\n",
    "nvidia-smi ended with 6: the driver has no GPU that it can use: look at dmesg, and whether one is in the machine.",
  ],
  [0, "hello\n", "nvidia-smi ended well and gave no report: look at what nvidia-smi -q -x prints."],
])("a run that ends with %d and says %j is explained", async (exitCode, stdout, note) => {
  const found = await told(smiOf(stdout, {}, exitCode), pciGpu("0000:0b:00.0", "26b9", "nvidia"));
  expect(found).toMatchObject({
    smi: { "gpu-count": 0 },
    health: { state: "unreadable", reason: note },
    hardware: { count: 1, model: "NVIDIA L40S" },
    notes: [note],
  });
});

test("GPUs that nvidia-smi names as lost in place of a report are told of", async () => {
  const said =
    "Unable to determine the device handle for GPU0: 0000:5D:00.0: GPU is lost.  Reboot the system to recover this GPU\n";
  const { health, notes } = await told(smiOf(said, {}, 15));
  expect(health).toMatchObject({ state: "lost", "gpus-lost": 1, unseen: "0000:5d:00.0" });
  expect(notes).toEqual([
    "nvidia-smi ended with 15: a GPU has fallen off the bus or cannot be reached: look at dmesg for Xid 79, then drain the node and restart it.",
  ]);
});

test("a report that ends early is read as far as it goes, and warnings around it are passed on", async () => {
  const whole = recorded("gb200-lost-v13.xml");
  const cut = whole.slice(0, whole.indexOf("<gpu", whole.indexOf("00000009:01:00.0") + 1) + 60);
  const { devices, smi, notes } = await told(smiOf(`WARNING: infoROM is corrupted at gpu 0008:01:00.0\n${cut}`, {}, 0));
  expect(smi).toMatchObject({ "gpu-count": 4 });
  expect(Object.keys(devices ?? {}).map((key) => key.split(".")[0])).toContain("1");
  expect(devices).not.toHaveProperty(["2.uuid"]);
  expect(notes).toContain("nvidia-smi says: WARNING: infoROM is corrupted at gpu 0008:01:00.0");
  expect(notes).toContain(
    "nvidia-smi told of 2 of 4 GPUs: its report ends early. Look at dmesg for lines with NVRM and Xid.",
  );
});

test.each([
  ['<!DOCTYPE nvidia_smi_log [<!ENTITY a "b">]><nvidia_smi_log><gpu/></nvidia_smi_log>', /declares entities/],
  ["<nvidia_smi_log><gpu><a></b></gpu></nvidia_smi_log>", /cannot be read: Expected closing tag/],
  [`<nvidia_smi_log>${"<a>".repeat(500)}${"</a>".repeat(500)}</nvidia_smi_log>`, /cannot be read: .*nested/i],
  ["<nvidia_smi_log><__proto__><polluted>1</polluted></__proto__></nvidia_smi_log>", /cannot be read|^$/],
  [`<nvidia_smi_log>${"x".repeat(17 * 1024 * 1024)}</nvidia_smi_log>`, /larger than 16 MiB/],
])("hostile XML gives no report and harms nothing: %#", async (xml, reason) => {
  const { health, smi } = await told(smiOf(xml));
  expect(smi).toEqual({ "gpu-count": 0 });
  expect(health === undefined ? "" : JSON.stringify(health)).toMatch(reason);
  expect({}).not.toHaveProperty("polluted");
});

test("a nvidia-smi that hangs is given up, with a note", async () => {
  const run: FakeProgram = (_program, _args, options) =>
    new Promise((_resolve, reject) => {
      options.signal.addEventListener("abort", () => reject(options.signal.reason));
    });
  const { subtypes, notes } = await gpuCollector(fakeHost({ run }), { timeoutMs: 20 }).collect(signal);
  const note =
    "nvidia-smi gave no answer within 0.02 s: a GPU or the driver hangs. Look at dmesg for lines with NVRM and Xid.";
  expect(notes).toEqual([note]);
  expect(subtypes.find(({ name }) => name === "health")?.data.get("reason")).toBe(note);
});

test("it stops when told to, while nvidia-smi runs", async () => {
  const stop = new AbortController();
  const run: FakeProgram = (_program, _args, options) =>
    new Promise((_resolve, reject) => {
      options.signal.addEventListener("abort", () => reject(options.signal.reason));
      stop.abort(new Error("told to"));
    });
  await expect(gpuCollector(fakeHost({ run })).collect(stop.signal)).rejects.toThrow("told to");
});

test("nvidia-smi is looked for where nodes have it, and those that cannot be started are named when none can", async () => {
  const calls: unknown[] = [];
  const files = {
    "/usr/bin/nvidia-smi": "ELF",
    "/run/nvidia/driver/usr/bin/nvidia-smi": "ELF",
    "/home/kubernetes/bin/nvidia/bin/nvidia-smi": "ELF",
  };
  const run: FakeProgram = (program, args, { env }) => {
    calls.push([program, ...args, env?.["LD_LIBRARY_PATH"]]);
    if (program === "nvidia-smi") throw new SlipwayError("NOT_FOUND", "not on the PATH");
    if (program === "/usr/bin/nvidia-smi") throw new SlipwayError("NOT_ALLOWED", `${program} cannot be run: EACCES`);
    if (program === "chroot") return { exitCode: 127, stdout: "", stderr: "chroot: failed\n" };
    return { exitCode: 127, stdout: "", stderr: "error while loading shared libraries: libc\n" };
  };
  const host = fakeHost({ files, run, env: { LD_LIBRARY_PATH: "/own" } });
  const { notes } = await gpuCollector(host).collect(signal);
  expect(calls).toEqual([
    ["nvidia-smi", "-q", "-x", "/own"],
    ["/usr/bin/nvidia-smi", "-q", "-x", "/own"],
    ["chroot", "/run/nvidia/driver", "nvidia-smi", "-q", "-x", "/own"],
    [
      "/run/nvidia/driver/usr/bin/nvidia-smi",
      "-q",
      "-x",
      "/run/nvidia/driver/usr/lib64:/run/nvidia/driver/usr/lib/x86_64-linux-gnu:/run/nvidia/driver/usr/lib/aarch64-linux-gnu:/own",
    ],
    ["/home/kubernetes/bin/nvidia/bin/nvidia-smi", "-q", "-x", "/home/kubernetes/bin/nvidia/lib64:/own"],
  ]);
  expect(notes).toEqual([
    "nvidia-smi is there and cannot be started: /usr/bin/nvidia-smi cannot be run: EACCES.",
    "nvidia-smi is there and cannot be started: chroot: failed.",
    "nvidia-smi is there and cannot be started: error while loading shared libraries: libc.",
  ]);
});

test("in a mounted root nvidia-smi runs inside it, and never ours", async () => {
  const calls: unknown[] = [];
  const run: FakeProgram = (program, args) => {
    calls.push([program, ...args]);
    return { exitCode: 0, stdout: args.includes("-x") ? recorded("l40s-v12.xml") : "", stderr: "" };
  };
  const host = fakeHost({ root: "/host", files: { "/usr/bin/nvidia-smi": "ELF" }, run });
  expect(flat(await gpuCollector(host).collect(signal))).toMatchObject({ smi: { "gpu.model": "NVIDIA L40S" } });
  expect(calls).toEqual([
    ["chroot", "/host", "/usr/bin/nvidia-smi", "-q", "-x"],
    ["chroot", "/host", "/usr/bin/nvidia-smi", "nvlink", "-s"],
  ]);
});

test("errors that the driver wrote into the kernel's log are counted for their GPU", async () => {
  const kernelLog = [
    "4,100,1,-;NVRM: Xid (PCI:0000:30:00): 31, pid=77, name=planted, Ch 00000008\n",
    "4,101,2,-;NVRM: Xid (PCI:0000:30:00): 31, pid=77\n",
    "4,102,3,-;NVRM: Xid (PCI:0000:99:00.0): 79, GPU has fallen off the bus.\n",
    "6,103,4,-;usb 1-1: new device\n SUBSYSTEM=usb\n",
  ];
  const run = smiOf(recorded("l40s-v12.xml"));
  const healthOf = async (log: readonly string[]): Promise<unknown> =>
    flat(await gpuCollector(fakeHost({ run, kernelLog: log })).collect(signal))["health"];
  expect(await healthOf(kernelLog)).toEqual({
    state: "ok",
    "gpus-lost": 0,
    "gpus-not-ok": 0,
    "0.state": "ok",
    "0.xid.31": 2,
    "0.pcie-width": "8x",
  });
  expect(await healthOf(["3,1,1,-;NVRM: Xid (PCI:00000000:30:00): 48, pid=1\n"])).toMatchObject({
    state: "degraded",
    "0.xid.48": 1,
    "0.problems": "the kernel's log has Xid 48",
  });
});
