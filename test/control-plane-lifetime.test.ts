import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile, readdir, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { SlipwayError, messageOf } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { PARTS, startControlPlane } from "@slipway/sim";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually, started, testCluster, testPrograms } from "./control-plane.ts";

const programs = await testPrograms();

describe.skipIf(programs === undefined)("control planes", () => {
  test("run at once, know nothing of each other, and leave neither process nor directory", async () => {
    const both = await Promise.all([started(testCluster()), started(testCluster({ kwok: false }))]);
    const [first, second] = both;
    await first.kubectl(["create", "namespace", "only-here"]);
    expect(
      messageOf(await second.kubectl(["get", "namespace", "only-here"]).catch((error: unknown) => error)),
    ).toContain("NotFound");
    const running = both.map(({ controlPlane }) => [...controlPlane.processes.keys()].sort());
    expect(running).toEqual([[...PARTS].sort(), PARTS.filter((part) => part !== "kwok").sort()]);
    const pids = both.flatMap(({ controlPlane }) => [...controlPlane.processes.values()]);
    await Promise.all(both.map(async ({ controlPlane }) => await controlPlane.stop()));
    expect(pids.filter(isRunning)).toEqual([]);
    for (const { controlPlane } of both) expect(await exists(controlPlane.directory)).toBe(false);
    // A second stop changes nothing.
    await first.controlPlane.stop();
  });

  test.each([{ abrupt: false }, { abrupt: true }])(
    "keep what they know when the API server restarts: %o",
    async (how) => {
      const cluster = await started(testCluster({ kwok: false }));
      onTestFinished(async () => await cluster.controlPlane.stop());
      const namespace = await cluster.namespace();
      const before = cluster.controlPlane.processes;
      await cluster.controlPlane.restartApiServer(how);
      expect(await cluster.kubectl(["get", "namespace", namespace, "-o", "name"])).toBe(`namespace/${namespace}\n`);
      const changed = [...cluster.controlPlane.processes].filter(([part, pid]) => before.get(part) !== pid);
      expect(changed.map(([part]) => part)).toEqual(["kube-apiserver"]);
      // The controllers come back to it.
      await cluster.namespace();
    },
  );

  test("that cannot start say why and leave nothing", async () => {
    const before = await directories();
    const flags = { "kube-apiserver": ["--no-such-flag"] };
    const error = await rejectionOf(started(testCluster({ flags })));
    expect([error.code, error.message]).toEqual([
      "UNAVAILABLE",
      expect.stringContaining("unknown flag: --no-such-flag"),
    ]);
    expect(await directories()).toEqual(before);
  });

  test("that are given up leave nothing", async () => {
    const before = await directories();
    const stop = new AbortController();
    const start = rejectionOf(started(testCluster({ signal: stop.signal })));
    await sleep(700);
    stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
    expect((await start).code).toBe("INTERRUPTED");
    expect(await directories()).toEqual(before);
  });

  test("that take too long are given up", async () => {
    const before = await directories();
    const error = await rejectionOf(started(testCluster({ timeoutMs: 100 })));
    expect(error.message).toBe("the control plane did not start within 0.1 s");
    expect(await directories()).toEqual(before);
  });

  test("whose port somebody else has say so", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const address = other.address();
    const apiServer = typeof address === "object" && address !== null ? address.port : 0;
    if (programs === undefined) throw new Error("no programs");
    const error = await rejectionOf(startControlPlane({ programs, ports: { apiServer } }));
    expect(error.message).toMatch(/^kube-apiserver ended \(status 1\): .*address already in use/);
  });

  test("end when the process that started them is killed", async () => {
    const tool = join(import.meta.dirname, "..", "tools/cluster.ts");
    const parent = spawn(process.execPath, [tool], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: parent.stdout }), "line");
    const directory = dirname(/^export KUBECONFIG=(.*)$/.exec(String(line))?.[1] ?? "");
    const pids = await processesIn(directory);
    expect(pids.length).toBe(PARTS.length);
    parent.kill("SIGKILL");
    await eventually(async () => {
      expect(pids.filter(isRunning)).toEqual([]);
      expect(await exists(directory)).toBe(false);
    });
  });

  test("for people end with Ctrl-C", async () => {
    const tool = join(import.meta.dirname, "..", "tools/cluster.ts");
    const parent = spawn(process.execPath, [tool], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: parent.stdout }), "line");
    const directory = dirname(/^export KUBECONFIG=(.*)$/.exec(String(line))?.[1] ?? "");
    const pids = await processesIn(directory);
    parent.kill("SIGINT");
    expect(await once(parent, "exit")).toEqual([0, null]);
    expect([pids.length, pids.filter(isRunning), await exists(directory)]).toEqual([PARTS.length, [], false]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** Directories of control planes that this process started. */
async function directories(): Promise<readonly string[]> {
  const own = await Promise.all((await processIds()).map(async (pid) => [await parentOf(pid), await directoryOf(pid)]));
  const found = own.flatMap(([parent, directory]) => (parent === String(process.pid) ? [directory ?? ""] : []));
  return [...new Set(found)].sort();
}

/** Processes whose working directory is the given one. */
async function processesIn(directory: string): Promise<readonly number[]> {
  const all = await processIds();
  const places = await Promise.all(all.map(directoryOf));
  return all.filter((_, index) => places[index] === directory).map(Number);
}

async function processIds(): Promise<readonly string[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
}

async function directoryOf(pid: string): Promise<string> {
  return await readlink(`/proc/${pid}/cwd`).catch(() => "");
}

async function parentOf(pid: string): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return (
    stat
      .slice(stat.lastIndexOf(")") + 1)
      .trim()
      .split(" ")[1] ?? ""
  );
}
