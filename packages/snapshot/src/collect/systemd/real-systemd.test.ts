import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messageOf } from "@slipway/base";
import type { Subtype } from "../../model.ts";
import { nodeHost } from "../node-host.ts";
import { startSystemd } from "../testing/real-systemd.ts";
import { busShow } from "./bus.ts";
import { unitReadings } from "./properties.ts";
import { parseShow } from "./systemctl.ts";
import { systemdCollector } from "./systemd.ts";

const UNITS = {
  "containerd.service": `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
[Service]
Type=exec
ExecStartPre=-/bin/true overlay
ExecStartPre=/bin/echo "two words"
ExecStart=/bin/sleep 1000
Environment=REGISTRY_PASSWORD=planted-1
EnvironmentFile=-/etc/sysconfig/containerd
Restart=always
RestartSec=5
TimeoutStartSec=95
LimitNOFILE=4096
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999
UMask=0027
Delegate=yes
KillMode=process
[Install]
WantedBy=default.target
`,
  "kubelet.service": `[Unit]
Description=kubelet
After=containerd.service
[Service]
ExecStart=/bin/sleep 1000 --node-ip=10.0.0.7
`,
  "nvidia-persistenced.service": `[Service]
ExecStart=/bin/false
`,
};
const NAMES = ["containerd.service", "docker.service", "kubelet.service"];

const systemd = await startSystemd(UNITS, process.env["PATH"]).catch(unavailable);

function unavailable(error: unknown): undefined {
  if (process.env["CI"] === "true") throw error;
  process.stderr.write(`\n*** ${messageOf(error)}\n*** the tests against a real systemd are not run\n\n`);
}

beforeAll(async () => {
  if (systemd === undefined) return;
  await promisify(execFile)("systemctl", ["--user", "start", "containerd.service"], { env: systemd?.env });
});
afterAll(async () => {
  await systemd?.stop();
});

const signal = AbortSignal.timeout(25_000);

async function shown(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const args = ["--user", "show", "--no-pager", "--", ...NAMES];
  const { stdout } = await promisify(execFile)("systemctl", args, { env: systemd?.env });
  return parseShow(stdout).map((properties) => Object.fromEntries(unitReadings(properties)));
}

test.runIf(systemd).each([
  ["systemd itself", "run/systemd/private", true],
  ["the message bus", "run/dbus/system_bus_socket", false],
])("%s gives over D-Bus what systemctl prints", async (_, path, direct) => {
  const units = await busShow({ path: `${systemd?.root}/${path}`, direct }, NAMES, signal);
  const told = units.map((properties) => Object.fromEntries(unitReadings(properties)));
  expect(told).toEqual(await shown());
});

test.runIf(systemd)("a container with no systemctl measures the services that are there, without secrets", async () => {
  const host = nodeHost({
    root: systemd?.root,
    platform: "linux",
    env: {},
    exec: { run: () => Promise.resolve({ exitCode: 127, stdout: "", stderr: "chroot: no such file" }) },
  });
  const { subtypes, notes } = await systemdCollector(host, { services: ["made-up"] }).collect(signal);
  expect(notes).toEqual([]);
  expect(subtypes.map(({ name }) => name)).toEqual([
    "containerd.service",
    "docker.service",
    "kubelet.service",
    "made-up.service",
    "nvidia-persistenced.service",
  ]);
  expect(Object.fromEntries(named(subtypes, "docker.service").data)).toEqual({
    LoadState: "not-found",
    ActiveState: "inactive",
    SubState: "dead",
  });
  const containerd = Object.fromEntries(named(subtypes, "containerd.service").data);
  expect(containerd).toMatchObject({
    LoadState: "loaded",
    ActiveState: "active",
    SubState: "running",
    Description: "containerd container runtime",
    ExecStart: "/bin/sleep 1000",
    ExecStartPre: "/bin/true overlay; /bin/echo two words",
    EnvironmentFiles: "/etc/sysconfig/containerd (ignore_errors=yes)",
    LimitNOFILE: 4096,
    LimitCORE: "infinity",
    TasksMax: "infinity",
    OOMScoreAdjust: -999,
    RestartUSec: "5s",
    TimeoutStartUSec: "1min 35s",
    UMask: "0027",
    Delegate: true,
  });
  expect(JSON.stringify(containerd)).not.toContain("planted");
});

test.runIf(systemd)("a service that runs gives the same twice", async () => {
  const first = await shown();
  expect(await shown()).toEqual(first);
  expect(JSON.stringify(first)).not.toMatch(/PID|Timestamp|Usage|Invocation/);
});

test.runIf(systemd)("a socket that nobody answers on is an error in words", async () => {
  const path = `${systemd?.root}/run/no-such-socket`;
  await expect(busShow({ path, direct: true }, NAMES, signal)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining(`systemd cannot be reached at ${path}`),
  });
});

test.runIf(systemd)("asking stops when told to", async () => {
  const stop = new AbortController();
  const asked = busShow({ path: `${systemd?.root}/run/systemd/private`, direct: true }, NAMES, stop.signal);
  stop.abort(new Error("told to"));
  await expect(asked).rejects.toThrow("told to");
});

function named(subtypes: readonly Subtype[], name: string): Subtype {
  const found = subtypes.find((subtype) => subtype.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}
