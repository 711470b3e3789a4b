import { expect, test } from "vitest";
import { fakeHost } from "../testing/fake-host.ts";
import { busText, spanText, type BusType } from "./bus-text.ts";
import { unitPath } from "./bus.ts";
import { unitReadings } from "./properties.ts";
import { parseShow, systemctlShow } from "./systemctl.ts";
import { systemdCollector } from "./systemd.ts";

const signal = AbortSignal.timeout(20_000);

/** Written by us after what systemd 255 of Ubuntu 24.04 prints; shortened. */
const KUBELET = `Type=simple
ExecMainPID=1201
ExecStart={ path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet --config=/etc/k.yaml ; node-ip=1 ; ignore_errors=no ; start_time=[Mon 2026-11-02 10:00:00 UTC] ; stop_time=[n/a] ; pid=1201 ; code=(null) ; status=0/0 }
ExecStartEx={ path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet ; flags= ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
ExecStartPre={ path=/bin/a ; argv[]=/bin/a 1 ; ignore_errors=yes ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
ExecStartPre={ path=/bin/b ; argv[]=/bin/b ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
Environment=KUBELET_TOKEN=planted-1 HTTP_PROXY=http://u:planted-2@proxy
PassEnvironment=SECRET
SetCredential=db:planted-3
StatusText=Serving
NRestarts=12
MemoryCurrent=83886080
MemoryPeak=93886080
MemoryMax=infinity
CPUUsageNSec=81234567
CPUWeight=[not set]
IPIngressBytes=[no data]
TasksMax=4915
LimitNOFILE=1048576
OOMScoreAdjust=-999
Delegate=yes
PrivateTmp=no
UMask=0022
InvocationID=4f1c7a0e1f205c0a2f6e8d114f6a9d55
ControlGroup=/system.slice/kubelet.service
KeyringMode=private
ActiveEnterTimestamp=Mon 2026-11-02 10:00:00 UTC
ActiveEnterTimestampMonotonic=12345
After=network-online.target basic.target system.slice
Id=kubelet.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
DropInPaths=/etc/systemd/system/kubelet.service.d/10-kubeadm.conf
`;
const ABSENT = "Type=oneshot\nId=docker.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n";

test("of a unit its state comes first; what is volatile or may hold secrets is left out", () => {
  const [properties] = parseShow(KUBELET);
  expect([...unitReadings(properties ?? new Map())]).toEqual([
    ["LoadState", "loaded"],
    ["ActiveState", "active"],
    ["SubState", "running"],
    ["UnitFileState", "enabled"],
    ["After", "basic.target network-online.target system.slice"],
    ["ControlGroup", "/system.slice/kubelet.service"],
    ["Delegate", true],
    ["DropInPaths", "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"],
    ["ExecStart", "/usr/bin/kubelet --config=/etc/k.yaml ; node-ip=1"],
    ["ExecStartPre", "/bin/a 1; /bin/b"],
    ["Id", "kubelet.service"],
    ["LimitNOFILE", 1_048_576],
    ["MemoryMax", "infinity"],
    ["OOMScoreAdjust", -999],
    ["PrivateTmp", false],
    ["TasksMax", 4915],
    ["Type", "simple"],
    ["UMask", "0022"],
  ]);
});

test("blocks are told apart, and a value that goes on in the next line is kept", () => {
  const [first, second, ...more] = parseShow(`Description=one\n  two\nId=a.service\n\nId=b.service\n`);
  expect([first?.get("Description"), second?.get("Id"), more]).toEqual(["one\n  two", "b.service", []]);
});

const there = { "/run/systemd/system/x": "" };

test("services are asked for in one call, and those that are not there are told of when they matter", async () => {
  const calls: unknown[] = [];
  const host = fakeHost({
    files: there,
    env: { PATH: "/usr/bin" },
    run: (program, args, { env }) => {
      calls.push([program, args.slice(0, 4), env]);
      const units = args.slice(3);
      const blocks = units.map((unit) => (unit === "kubelet.service" ? KUBELET : ABSENT));
      return { exitCode: 0, stdout: blocks.join("\n"), stderr: "" };
    },
  });
  const { subtypes, notes } = await systemdCollector(host, { services: ["nvidia-imex", "x@1.socket"] }).collect(signal);
  expect(calls).toEqual([
    [
      "systemctl",
      ["show", "--no-pager", "--", "containerd.service"],
      { PATH: "/usr/bin", LC_ALL: "C", SYSTEMD_COLORS: "0" },
    ],
  ]);
  expect(notes).toEqual([]);
  expect(subtypes.map(({ name, data }) => [name, data.get("LoadState"), data.size])).toEqual([
    ["containerd.service", "not-found", 3],
    ["docker.service", "not-found", 3],
    ["kubelet.service", "loaded", 18],
    ["nvidia-imex.service", "not-found", 3],
    ["x@1.socket", "not-found", 3],
  ]);
  expect(subtypes[0]?.context).toEqual(new Map([["source", "systemctl"]]));
});

test("in a mounted root systemctl runs inside it", async () => {
  const calls: unknown[] = [];
  const host = fakeHost({
    root: "/host",
    run: (program, args) => {
      calls.push([program, ...args]);
      return { exitCode: 0, stdout: KUBELET, stderr: "" };
    },
  });
  await systemctlShow(host, ["kubelet.service"], signal);
  expect(calls).toEqual([["chroot", "/host", "systemctl", "show", "--no-pager", "--", "kubelet.service"]]);
});

test.each(["--all", "a b", "*.service", "a;b", "", "../x", "a/b"])("%j is no name of a service", async (service) => {
  const collector = systemdCollector(fakeHost({ files: there }), { services: [service] });
  await expect(collector.collect(signal)).rejects.toMatchObject({ code: "USAGE" });
});

test.each([
  [
    { files: { "/etc/os-release": 'NAME="Talos"\nID=talos\nVERSION_ID=v1.11.2\n' } },
    "Talos Linux has no systemd: its services are seen through the Kubernetes API only.",
  ],
  [
    {},
    "There is no /run/systemd/system here, so no systemd that runs: services were not measured. In a container, mount /run/systemd of the host.",
  ],
  [{ platform: "darwin" }, "There is no systemd on darwin: services were not measured."],
])("a system without systemd gives a note and no failure: %j", async (parts, note) => {
  expect(await systemdCollector(fakeHost(parts)).collect(signal)).toEqual({ subtypes: [], notes: [note] });
});

test("when nothing answers, the error says what each way said, and what to do", async () => {
  const host = fakeHost({
    root: "/nowhere",
    files: there,
    run: () => ({ exitCode: 1, stdout: "", stderr: "Failed to connect to bus: Host is down\nmore\n" }),
  });
  await expect(systemdCollector(host).collect(signal)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(
      /^systemd gives no answer: systemctl show ended with 1: Failed to connect to bus: Host is down; systemd cannot be reached at \/nowhere\/run\/systemd\/private: connect ENOENT .*; systemd cannot be reached at \/nowhere\/run\/dbus\/system_bus_socket: connect ENOENT /,
    ),
    hint: expect.stringContaining("mount /run/systemd"),
  });
});

test("it stops when told to, in the middle of systemctl", async () => {
  const stop = new AbortController();
  const host = fakeHost({
    files: there,
    run: (_program, _args, options) =>
      new Promise((_resolve, reject) => {
        options.signal.addEventListener("abort", () => reject(options.signal.reason));
        stop.abort(new Error("told to"));
      }),
  });
  await expect(systemdCollector(host).collect(stop.signal)).rejects.toThrow("told to");
});

const of = (type: string, ...child: readonly BusType[]): BusType => ({ type, child });

test.each<readonly [string, BusType, unknown, string | undefined]>([
  ["Delegate", of("b"), true, "yes"],
  ["TasksMax", of("t"), 2 ** 64, "infinity"],
  ["CPUWeight", of("t"), 2 ** 64, "[not set]"],
  ["UID", of("u"), 2 ** 32 - 1, "[not set]"],
  ["UMask", of("u"), 0o22, "0022"],
  ["RuntimeDirectoryMode", of("u"), 0o755, "0755"],
  ["TimeoutStartUSec", of("t"), 95_000_000, "1min 35s"],
  ["Nice", of("i"), -5, "-5"],
  ["Names", of("a", of("s")), ["a.service", "b.service"], "a.service b.service"],
  [
    "DeviceAllow",
    of("a", of("(", of("s"), of("s"))),
    [
      ["/dev/null", "rw"],
      ["/dev/x", "r"],
    ],
    "/dev/null rw; /dev/x r",
  ],
  [
    "EnvironmentFiles",
    of("a", of("(", of("s"), of("b"))),
    [
      ["/a", true],
      ["/b", false],
    ],
    "/a (ignore_errors=yes); /b (ignore_errors=no)",
  ],
  ["CPUAffinity", of("a", of("y")), [1, 2], undefined],
  ["Hashes", of("a", of("{", of("s"), of("v"))), [], undefined],
  ["Odd", of("a"), [1], undefined],
  ["Odd", of("v"), [[of("s")], ["x"]], undefined],
  ["ExecStart", of("a", of("(")), ["broken", ["/x", ["/x", 1, "y"]]], "/x y"],
])("%s of type %j is %j as %j", (name, type, value, text) => {
  expect(busText(name, type, value)).toBe(text);
});

test.each([
  [0, "0"],
  [1, "1us"],
  [1500, "1ms 500us"],
  [100_000, "100ms"],
  [90_061_000_000, "1d 1h 1min 1s"],
  [31_557_600_000_000 + 2_629_800_000_000 + 604_800_000_000, "1y 1month 1w"],
])("%d microseconds are %s", (microseconds, text) => {
  expect(spanText(microseconds)).toBe(text);
});

test.each([
  ["kubelet.service", "kubelet_2eservice"],
  ["nvidia-imex.service", "nvidia_2dimex_2eservice"],
  ["3proxy@x.service", "_33proxy_40x_2eservice"],
])("the object of %s is %s", (unit, label) => {
  expect(unitPath(unit)).toBe(`/org/freedesktop/systemd1/unit/${label}`);
});
