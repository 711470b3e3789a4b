import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "@slipway/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostNameOf, linkName, numberIn, shortText, type Host } from "./host.ts";
import { insideRoot } from "./inside-root.ts";
import { nodeHost } from "./node-host.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "host-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function lay(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function mounted(at = root): Host {
  const run = (program: string): Promise<never> =>
    Promise.reject(new SlipwayError("NOT_FOUND", `the program ${program} is not on the PATH`));
  return nodeHost({ root: at, exec: { run }, env: { HOSTNAME: "by-env" }, platform: "linux" });
}

test("files are read up to a size; what is missing, or no file, is told", async () => {
  await lay({ "etc/a": "x".repeat(100), "etc/dir/b": "" });
  execFileSync("mkfifo", [join(root, "etc/pipe")]);
  const { files } = mounted();
  expect(files.read("/etc/a", 100)).toEqual({ kind: "text", text: "x".repeat(100), cut: false });
  expect(files.read("/etc/a", 99)).toEqual({ kind: "text", text: "x".repeat(99), cut: true });
  expect(files.read("/etc/a", 70_000)).toEqual({ kind: "text", text: "x".repeat(100), cut: false });
  expect(files.read("/etc/none", 9)).toEqual({ kind: "missing" });
  expect(files.read("/etc/a/b", 9)).toEqual({ kind: "missing" });
  expect(files.read("/etc/dir", 9)).toEqual({ kind: "unreadable", reason: "not a regular file" });
  expect(files.read("/etc/pipe", 9)).toEqual({ kind: "unreadable", reason: "not a regular file" });
  expect(files.list("/etc")).toEqual([
    { name: "a", kind: "file" },
    { name: "dir", kind: "directory" },
    { name: "pipe", kind: "other" },
  ]);
  expect(files.list("/none")).toEqual([]);
});

test("a file that is made for writing only is not read, not even by root", () => {
  const { files } = nodeHost({ exec: { run: () => Promise.reject(new Error("none")) }, env: {}, platform: "linux" });
  const found = files.read("/proc/sys/vm/compact_memory", 9);
  expect(["made for writing only", "permission denied"]).toContain(found.kind === "unreadable" ? found.reason : found);
});

test("links of a mounted root are followed inside it", async () => {
  await lay({ "usr/lib/os-release": "ID=mounted\n", "run/current/etc/x": "in" });
  await mkdir(join(root, "etc"), { recursive: true });
  await symlink("../usr/lib/os-release", join(root, "etc/os-release"));
  await symlink("/run/current", join(root, "absolute"));
  await symlink("../../../../../../etc/passwd", join(root, "etc/out"));
  await symlink("/etc/loop", join(root, "etc/loop"));
  const host = mounted();
  expect(shortText(host, "/etc/os-release")).toBe("ID=mounted");
  expect(shortText(host, "/absolute/etc/x")).toBe("in");
  expect(host.files.list("/absolute/etc")).toEqual([{ name: "x", kind: "file" }]);
  expect(host.files.read("/etc/out", 99)).toEqual({ kind: "missing" });
  expect(host.files.read("/etc/loop", 99)).toEqual({ kind: "missing" });
  expect(host.files.read("/../../../etc/os-release", 99)).toMatchObject({ text: "ID=mounted\n" });
  expect([host.files.link("/absolute"), linkName(host, "/etc/os-release")]).toEqual(["/run/current", "os-release"]);
});

test("a mounted root without /proc and /sys has those of the kernel", async () => {
  await lay({ "etc/hostname": "node-7\n" });
  const host = mounted(`${root}/`);
  expect(host.root).toBe(root);
  expect(shortText(host, "/proc/sys/kernel/ostype")).toBe("Linux");
  expect(hostNameOf(host)).toBe("node-7");
  await lay({ "proc/sys/kernel/ostype": "Other\n", "proc/sys/kernel/pid_max": "0x10\n", "proc/n": "1 2\n" });
  const other = mounted();
  expect(shortText(other, "/proc/sys/kernel/ostype")).toBe("Other");
  expect([numberIn(other, "/proc/sys/kernel/pid_max"), numberIn(other, "/proc/n")]).toEqual([16, undefined]);
});

test("the name of the host is what the kernel says, or the environment", () => {
  expect(hostNameOf(mounted("/"))).toBe(execFileSync("uname", ["-n"], { encoding: "utf8" }).trim());
  const bare = { ...mounted("/"), files: { ...mounted("/").files, read: () => ({ kind: "missing" as const }) } };
  expect(hostNameOf(bare)).toBe("by-env");
});

test("a path inside a root stays inside, whatever its links say", () => {
  const links: Readonly<Record<string, string>> = { "/r/a": "/b/../..", "/r/x/y": "../../../z", "/r/z": "q/./w" };
  const at = (path: string): string => insideRoot("/r", path, (place) => links[place]);
  expect([at("/a/c"), at("/x/y"), at("/"), at("/../..//e")]).toEqual(["/r/c", "/r/q/w", "/r/", "/r/e"]);
});

test("the kernel's log is read to its end, where it may be read", () => {
  const { files } = mounted("/");
  const records = files.kernelLog();
  expect(records.every((record) => /^\d+,\d+,\d+,/.test(record))).toBe(true);
});
