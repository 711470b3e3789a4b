import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml, textAt } from "@slipway/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { fakeNvidiaSmi } from "./fake-gpu.ts";
import { exampleTool } from "./tools.ts";
import { PATIENT, workplace, type Workplace } from "./workplace.ts";

const promtool = await exampleTool("promtool");

let place: Workplace;

// Scripts that measure the machine they run on: this one, with an nvidia-smi of the test.
beforeEach(async () => {
  place = await workplace();
  await place.take(".", "examples");
  await place.program("nvidia-smi", fakeNvidiaSmi({ driver: "570.86.15", gpus: 2 }));
});

afterEach(async () => {
  await place.close();
});

async function textOf(path: string): Promise<string> {
  return await readFile(join(place.folder, path), "utf8");
}

describe("systemd/audit.sh", PATIENT, () => {
  /** The clock of the audit; each run is a second later. */
  let second = 0;

  beforeEach(async () => {
    second = 0;
    await place.write({ "state/other-file": "", "etc/empty": "" });
  });

  async function audit(env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    second += 1;
    await place.program("date", `#!/bin/sh\n[ "$*" = "-u +%Y%m%dT%H%M%SZ" ] && echo 20260301T02000${second}Z\n`);
    const folders = {
      STATE_DIRECTORY: join(place.folder, "state"),
      CONFIGURATION_DIRECTORY: join(place.folder, "etc"),
    };
    return await place.run(["sh", "examples/systemd/audit.sh"], { ...folders, FILTER: "gpu", ...env });
  }

  test("keeps a first snapshot, with the date in its name, and has nothing to compare it with", async () => {
    const outcome = await audit();
    expect(outcome).toMatchObject({ exit: 0, stdout: "" });
    expect(outcome.stderr).toContain("first snapshot of this node");
    expect(await readdir(join(place.folder, "state"))).toEqual(["other-file", "snapshot-20260301T020001Z.yaml"]);
    expect(textAt(parseYaml(await textOf("state/snapshot-20260301T020001Z.yaml")), "kind")).toBe("Snapshot");
  });

  test("says yes to a node that did not change and no to one that did, and keeps the snapshot", async () => {
    await audit();
    expect(await audit()).toMatchObject({ exit: 0 });
    await place.program("nvidia-smi", fakeNvidiaSmi({ driver: "580.82.07", gpus: 2 }));
    const outcome = await audit();
    expect(outcome.exit).toBe(1);
    expect(outcome.stdout).toMatch(/570\.86\.15.*580\.82\.07/s);
    expect(await readdir(join(place.folder, "state"))).toContain("snapshot-20260301T020003Z.yaml");
  });

  test("compares with the baseline where there is one", async () => {
    await audit();
    await place.write({ "etc/baseline.yaml": await textOf("state/snapshot-20260301T020001Z.yaml") });
    await place.program("nvidia-smi", fakeNvidiaSmi({ driver: "580.82.07", gpus: 2 }));
    expect(await audit()).toMatchObject({ exit: 1 });
    // Nothing changed since the last one; the baseline is what counts.
    expect(await audit()).toMatchObject({ exit: 1 });
  });

  test("keeps as many as it is told, and touches no other file", async () => {
    await audit();
    const before = await textOf("state/snapshot-20260301T020001Z.yaml");
    await place.write({
      "state/snapshot-20260227T020000Z.yaml": before,
      "state/snapshot-20260228T020000Z.yaml": before,
    });
    expect(await audit({ KEEP: "2" })).toMatchObject({ exit: 0 });
    expect(await readdir(join(place.folder, "state"))).toEqual([
      "other-file",
      "snapshot-20260301T020001Z.yaml",
      "snapshot-20260301T020002Z.yaml",
    ]);
  });

  test("needs its folder", async () => {
    const outcome = await audit({ STATE_DIRECTORY: "" });
    expect(outcome).toMatchObject({ exit: 2, stderr: "audit.sh: STATE_DIRECTORY is not set\n" });
  });
});

describe("prometheus/write-metrics.sh", PATIENT, () => {
  async function write(env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const settings = { DIRECTORY: join(place.folder, "textfile"), ...env };
    return await place.run(["sh", "examples/prometheus/write-metrics.sh"], settings);
  }

  beforeEach(async () => {
    await place.write({ "textfile/other.prom": "" });
  });

  test("writes metrics that others may read, and leaves nothing else", async () => {
    expect(await write()).toMatchObject({ exit: 0, stdout: "" });
    const metrics = await textOf("textfile/aicr.prom");
    expect(metrics).toContain("\naicr_gpus 2\n");
    expect(metrics).toContain("\naicr_gpus_not_ok 0\n");
    expect(metrics).toContain(
      '\naicr_gpu_driver_info{driver="570.86.15",cuda="12.8",model="NVIDIA H100 80GB HBM3",vbios="96.00.89.00.01"} 1\n',
    );
    expect(metrics).toMatch(/\naicr_os_info\{id="[^"]+",version="[^"]*",kernel="[^"]+"\} 1\n$/);
    expect(await readdir(join(place.folder, "textfile"))).toEqual(["aicr.prom", "other.prom"]);
    expect((await stat(join(place.folder, "textfile/aicr.prom"))).mode & 0o777).toBe(0o644);
  });

  test.skipIf(promtool === undefined)("writes what Prometheus can read", async () => {
    await write();
    const outcome = await place.run(["sh", "-c", `exec '${promtool}' check metrics <textfile/aicr.prom`]);
    expect(outcome).toMatchObject({ exit: 0, stdout: "", stderr: "" });
  });

  test("a node without GPUs has none, and no driver", async () => {
    await place.program("nvidia-smi", "#!/bin/sh\necho 'No devices were found'\nexit 6\n");
    expect(await write()).toMatchObject({ exit: 0 });
    const metrics = await textOf("textfile/aicr.prom");
    expect(metrics).toContain("\naicr_gpus 0\n");
    expect(metrics).not.toContain("aicr_gpu_driver_info");
  });

  test.each([
    ["570.86.15", 0],
    ["580.82.07", 1],
  ])("a node with driver %s differs from the baseline: %d", async (driver, differs) => {
    await place.run(["aicr", "snapshot", "--filter", "gpu", "-o", "baseline.yaml"]);
    await place.program("nvidia-smi", fakeNvidiaSmi({ driver, gpus: 2 }));
    expect(await write({ FILTER: "gpu", BASELINE: "baseline.yaml" })).toMatchObject({ exit: 0 });
    expect(await textOf("textfile/aicr.prom")).toContain(`\naicr_baseline_differs ${differs}\n`);
  });

  test("keeps the metrics that were there when the baseline cannot be read", async () => {
    await place.write({ "textfile/aicr.prom": "before\n" });
    expect(await write({ BASELINE: "none.yaml" })).toMatchObject({ exit: 3 });
    expect(await textOf("textfile/aicr.prom")).toBe("before\n");
    expect(await readdir(join(place.folder, "textfile"))).toEqual(["aicr.prom", "other.prom"]);
  });
});

describe("snapshot-diff/around.sh", PATIENT, () => {
  const around = ["sh", "examples/snapshot-diff/around.sh"];

  beforeEach(async () => {
    await place.program("update-driver", `#!/bin/sh\ncp newer "$(dirname "$0")/nvidia-smi"\nexit "\${1:-0}"\n`);
    await place.write({ newer: fakeNvidiaSmi({ driver: "580.82.07", gpus: 2 }) });
  });

  test("shows what a command changed, and keeps it as JSON", async () => {
    const outcome = await place.run([...around, "update-driver"], { FILTER: "gpu" });
    expect(outcome).toMatchObject({ exit: 0 });
    expect(outcome.stdout).toMatch(/570\.86\.15.*580\.82\.07/s);
    expect(await textOf("gpu-change/changes.txt")).toBe(outcome.stdout);
    expect(await textOf("gpu-change/changes.json")).toContain('"580.82.07"');
  });

  test("shows it also when the command fails, and ends with its status", async () => {
    const outcome = await place.run([...around, "update-driver", "7"], { FILTER: "gpu" });
    expect(outcome.exit).toBe(7);
    expect(outcome.stdout).toContain("580.82.07");
  });

  test("leaves out what is to be ignored", async () => {
    const outcome = await place.run([...around, "update-driver"], { FILTER: "gpu", IGNORE: "GPU.smi.driver" });
    expect(outcome.stdout).not.toContain("GPU.smi.driver");
  });

  test("says how it is called", async () => {
    const outcome = await place.run(around);
    expect(outcome).toMatchObject({ exit: 2, stderr: "usage: around.sh COMMAND [ARGUMENT...]\n" });
  });
});
