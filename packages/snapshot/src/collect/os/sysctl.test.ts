import { expect, test } from "vitest";
import { fakeHost } from "../testing/fake-host.ts";
import { sysctl, sysctlReadings } from "./sysctl.ts";
import { isMeasuredSysctl } from "./volatile-sysctl.ts";

const signal = AbortSignal.timeout(20_000);

test("files are read by their paths, deeper for files of several lines; what is volatile or unreadable is left out", async () => {
  const files = {
    "/proc/sys/kernel/osrelease": "6.8.0-1021-aws\n",
    "/proc/sys/kernel/printk": "4\t4\t1\t7\n",
    "/proc/sys/kernel/random/boot_id": "c9c1\n",
    "/proc/sys/kernel/random/poolsize": "256\n",
    "/proc/sys/kernel/sched_domain/cpu0/domain0/max_newidle_lb_cost": "12\n",
    "/proc/sys/kernel/poweroff_cmd": "\n",
    "/proc/sys/fs/file-nr": "1\t0\t9\n",
    "/proc/sys/fs/quota/drops": "7\n",
    "/proc/sys/fs/quota/warnings": "1\n",
    "/proc/sys/fs/binfmt_misc/status": "enabled\n",
    "/proc/sys/fs/binfmt_misc/python3.11": "enabled\ninterpreter /usr/bin/python3.11\nflags: \noffset 0\nmagic 6f0d\n",
    "/proc/sys/vm/drop_caches": { unreadable: "made for writing only" },
    "/proc/sys/vm/stat_refresh": "",
    "/proc/sys/vm/mmap_rnd_bits": { unreadable: "permission denied" },
    "/proc/sys/net/ipv4/ip_forward": "1\n",
    "/proc/sys/dev/cdrom/info": "CD-ROM information\n\ndrive name:\tsr0\n",
    "/proc/sys/dev/raid/speed_limit_max": "200000\n",
    "/proc/sys/loop": { link: "/proc/sys" },
  };
  expect(await sysctl(fakeHost({ files }), signal)).toEqual({
    name: "sysctl",
    data: new Map<string, string | boolean>([
      ["/proc/sys/dev/raid/speed_limit_max", "200000"],
      ["/proc/sys/fs/binfmt_misc/python3.11/enabled", true],
      ["/proc/sys/fs/binfmt_misc/python3.11/interpreter", "/usr/bin/python3.11"],
      ["/proc/sys/fs/binfmt_misc/python3.11/flags", ""],
      ["/proc/sys/fs/binfmt_misc/python3.11/offset", "0"],
      ["/proc/sys/fs/binfmt_misc/python3.11/magic", "6f0d"],
      ["/proc/sys/fs/binfmt_misc/status", "enabled"],
      ["/proc/sys/fs/quota/warnings", "1"],
      ["/proc/sys/kernel/osrelease", "6.8.0-1021-aws"],
      ["/proc/sys/kernel/poweroff_cmd", ""],
      ["/proc/sys/kernel/printk", "4\t4\t1\t7"],
      ["/proc/sys/kernel/random/poolsize", "256"],
    ]),
  });
});

test("a word that comes on several lines keeps all its values", () => {
  expect(sysctlReadings("/proc/sys/x", "tcp 1048576\nudp 32768\ntcp 4096\n")).toEqual(
    new Map([
      ["/proc/sys/x/tcp", "1048576 4096"],
      ["/proc/sys/x/udp", "32768"],
    ]),
  );
});

test("a long value is cut, and a secret in it does not survive by being cut", () => {
  const value = sysctlReadings("/proc/sys/x", `token=planted-secret ${"v".repeat(5000)}`).get("/proc/sys/x");
  expect(value).toMatch(/^token=\(redacted\) v+… \(5021 characters\)$/);
  expect(String(value)).toHaveLength(4096 + "… (5021 characters)".length);
});

test("thousands of files are read, and no more than there is room for", async () => {
  const many = (count: number): Readonly<Record<string, string>> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`/proc/sys/x/${index}`, `${index}`]));
  expect((await sysctl(fakeHost({ files: many(1000) }), signal))?.data.size).toBe(1000);
  const cut = await sysctl(fakeHost({ files: many(20_001) }), signal);
  expect([cut?.data.size, cut?.context]).toEqual([20_000, new Map([["cut", "after 20000 files"]])]);
});

test("it stops when told to", async () => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`/proc/sys/x/${index}`, "1"]));
  await expect(sysctl(fakeHost({ files }), AbortSignal.abort(new Error("told to")))).rejects.toThrow("told to");
});

test("there is no subtype without /proc/sys", async () => {
  expect(await sysctl(fakeHost(), signal)).toBeUndefined();
});

test.each(["kernel/keys/maxkeys", "kernel/hostname", "kernel/ns_last_pid", "net", "dev/cdrom", "kernel/random/uuid"])(
  "%s is not measured",
  (path) => expect(isMeasuredSysctl(path)).toBe(false),
);

test.each(["kernel/osrelease", "kernel/tainted", "vm/nr_hugepages", "crypto/fips_enabled", "network", "dev/raid"])(
  "%s is measured",
  (path) => expect(isMeasuredSysctl(path)).toBe(true),
);
