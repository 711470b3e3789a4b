import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { SlipwayError, messageOf } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { PARTS, startControlPlane } from "@slipway/sim";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { eventually, started, testCluster, testPrograms } from "./control-plane.ts";

const programs = await testPrograms();

// A start takes seconds, and many times that on a machine with other work.
describe.skipIf(programs === undefined)("control planes", { timeout: 300_000 }, () => {
  const usual = process.env["TMPDIR"];
  let place: string;

  // Everything that is started here writes here.
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), "slipway-places-"));
    process.env["TMPDIR"] = place;
  });

  afterEach(async () => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
    await rm(place, { recursive: true, force: true });
  });

  /** Directories and processes of control planes that are left. */
  async function leftovers(): Promise<readonly unknown[]> {
    return [...(await readdir(place)), ...(await processesIn(place))];
  }

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
      try {
        const namespace = await cluster.namespace();
        const before = cluster.controlPlane.processes;
        await cluster.controlPlane.restartApiServer(how);
        expect(await cluster.kubectl(["get", "namespace", namespace, "-o", "name"])).toBe(`namespace/${namespace}\n`);
        const changed = [...cluster.controlPlane.processes].filter(([part, pid]) => before.get(part) !== pid);
        expect(changed.map(([part]) => part)).toEqual(["kube-apiserver"]);
        // The controllers come back to it.
        await cluster.namespace();
      } finally {
        await cluster.controlPlane.stop();
      }
    },
  );

  test("that cannot start say why and leave nothing", async () => {
    const flags = { "kube-apiserver": ["--no-such-flag"] };
    const error = await rejectionOf(started(testCluster({ flags })));
    expect([error.code, error.message]).toEqual([
      "UNAVAILABLE",
      expect.stringContaining("unknown flag: --no-such-flag"),
    ]);
    expect(await leftovers()).toEqual([]);
  });

  test("that are given up leave nothing", async () => {
    const stop = new AbortController();
    const start = rejectionOf(started(testCluster({ signal: stop.signal })));
    await sleep(700);
    stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
    expect((await start).code).toBe("INTERRUPTED");
    expect(await leftovers()).toEqual([]);
  });

  test("that take too long are given up", async () => {
    const error = await rejectionOf(started(testCluster({ timeoutMs: 100 })));
    expect(error.message).toBe("the control plane did not start within 0.1 s");
    expect(await leftovers()).toEqual([]);
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

/** Processes whose working directory is the given one, or within it. */
async function processesIn(directory: string): Promise<readonly number[]> {
  const all = await processIds();
  const places = await Promise.all(all.map(directoryOf));
  return all.filter((_, index) => places[index]?.startsWith(directory) === true).map(Number);
}

async function processIds(): Promise<readonly string[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
}

async function directoryOf(pid: string): Promise<string> {
  return await readlink(`/proc/${pid}/cwd`).catch(() => "");
}
