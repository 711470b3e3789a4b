import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { SlipwayError, type Exec } from "@slipway/base";
import { takeSnapshot } from "../take-snapshot.ts";
import { localCollectors } from "./local.ts";
import { nodeHost } from "./node-host.ts";
import { osCollector } from "./os/os.ts";
import { fakeHost } from "./testing/fake-host.ts";
import { flat } from "./testing/gpu-told.ts";

/** Runs real programs. */
const exec: Exec = {
  run: (program, args, { signal, env }) =>
    new Promise((resolve, reject) => {
      const child = execFile(program, [...args], { signal, env: { ...env } }, (error, stdout, stderr) => {
        if (error !== null && "syscall" in error) reject(new SlipwayError("NOT_FOUND", error.message));
        else resolve({ exitCode: child.exitCode ?? 128, stdout, stderr });
      });
    }),
};
const host = nodeHost({ exec, env: { PATH: process.env["PATH"] }, platform: process.platform });
const signal = AbortSignal.timeout(25_000);

test("this machine gives readings within limits, and the same ones twice", async () => {
  const take = async (): Promise<object> => {
    const told = localCollectors(host).map(async (collector) => {
      const { subtypes } = await collector.collect(signal).catch(() => ({ subtypes: [] }));
      return [collector.type, Object.fromEntries(subtypes.map(({ name, data }) => [name, Object.fromEntries(data)]))];
    });
    return Object.fromEntries(await Promise.all(told));
  };
  const first = await take();
  expect(first).toMatchObject({
    OS: { sysctl: { "/proc/sys/kernel/ostype": "Linux" }, cpu: { threads: expect.any(Number) }, grub: {}, release: {} },
    GPU: { smi: { "gpu-count": expect.any(Number) }, hardware: { "detection-source": "pci" } },
  });
  expect(await take()).toEqual(first);
  expect(JSON.stringify(first).length).toBeLessThan(512 * 1024);
});

test("no reading of this machine is taken for a secret, and none is named like one", async () => {
  const { snapshot, redacted } = await takeSnapshot({
    collectors: localCollectors(host),
    exclude: [],
    timeoutMs: 20_000,
    signal,
    clock: { now: () => new Date(0) },
    version: "0.0.0",
    sourceNode: "this",
  });
  expect(redacted).toEqual([]);
  const keys = snapshot.measurements.flatMap(({ subtypes }) => subtypes.flatMap(({ data }) => [...data.keys()]));
  const modules = new Set(
    snapshot.measurements.flatMap(({ subtypes }) => [
      ...(subtypes.find(({ name }) => name === "kmod")?.data.keys() ?? []),
    ]),
  );
  expect(keys.filter((key) => /password|token|key|secret/i.test(key) && !modules.has(key))).toEqual([]);
});

test("what a host lacks is named with what to do; nothing at all is an error", async () => {
  const files = { "/etc/os-release": "ID=ubuntu\n" };
  expect(flat(await osCollector(fakeHost({ files, root: "/host" })).collect(signal))).toEqual({
    release: { ID: "ubuntu" },
    notes: [
      "/host/proc/cmdline cannot be read: this part was not measured. Mount it into the container to have it.",
      "/host/proc/sys cannot be read: this part was not measured. Mount it into the container to have it.",
      "/host/proc/modules cannot be read: kernel modules were not measured.",
    ],
  });
  await expect(osCollector(fakeHost()).collect(signal)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: "nothing of /proc and /etc can be read",
  });
  await expect(osCollector(fakeHost({ platform: "darwin" })).collect(signal)).rejects.toMatchObject({
    message: "the operating system is measured on Linux only, this is darwin",
    hint: "Run the snapshot on a node of the cluster, or leave this part out with --exclude os.",
  });
});
