import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import type { Collected, Collector, CollectorName } from "./collector.ts";
import type { MeasurementType } from "./model.ts";
import { snapshotTree } from "./snapshot-tree.ts";
import { takeSnapshot, type Finished, type TakeOptions } from "./take-snapshot.ts";

const NOW = new Date("2026-11-21T08:00:00.123Z");

function collector(
  name: CollectorName,
  type: MeasurementType,
  collect: (signal: AbortSignal) => Promise<Collected>,
): Collector {
  return { name, type, collect };
}

const os = collector("os", "OS", async () => ({
  subtypes: [
    {
      name: "release",
      data: new Map([
        ["ID", "ubuntu"],
        ["API_TOKEN", "planted"],
      ]),
    },
  ],
  notes: ["grub could not be read; --password=planted. Run it as root."],
}));
const k8s = collector("k8s", "K8s", async () => ({ subtypes: [{ name: "server", data: new Map() }], notes: [] }));
const broken = collector("gpu", "GPU", async () => {
  throw new SlipwayError("UNAVAILABLE", "the driver does not answer\ntoken=planted", {
    place: { file: "nvidia-smi" },
    hint: "Run nvidia-smi on the node.",
  });
});
/** It never ends, whatever its signal says. */
const stuck = collector("systemd", "SystemD", () => new Promise(() => undefined));
const buggy = collector("topology", "NodeTopology", () => {
  throw new TypeError("x is undefined");
});

function options(collectors: readonly Collector[], more: Partial<TakeOptions> = {}): TakeOptions {
  return { collectors, timeoutMs: 20, signal: new AbortController().signal, clock: { now: () => NOW }, ...more };
}

test("a snapshot is made of what every collector gives", async () => {
  const taken = await takeSnapshot(options([os, k8s], { version: "1.0.0", sourceNode: "gpu-0" }));
  expect(snapshotTree(taken.snapshot)).toEqual({
    kind: "Snapshot",
    apiVersion: "aicr.nvidia.com/v1alpha1",
    metadata: { "source-node": "gpu-0", timestamp: "2026-11-21T08:00:00Z", version: "1.0.0" },
    measurements: [
      { type: "K8s", subtypes: [{ subtype: "server", data: {} }] },
      { type: "OS", subtypes: [{ subtype: "release", data: { API_TOKEN: "(redacted)", ID: "ubuntu" } }] },
    ],
  });
  expect({ ...taken, snapshot: undefined }).toEqual({
    snapshot: undefined,
    complete: true,
    failures: [],
    partFailures: [],
    notes: ["grub could not be read; --password=(redacted) Run it as root."],
    redacted: ["OS.release.API_TOKEN"],
  });
});

test("collectors that fail, hang or have a bug are told, in the snapshot too, and the others go on", async () => {
  const finished: Finished[] = [];
  const taken = await takeSnapshot(options([broken, stuck, buggy, k8s], { onFinished: (each) => finished.push(each) }));
  expect(snapshotTree(taken.snapshot)).toMatchObject({
    metadata: {
      "not-measured.gpu": "nvidia-smi: the driver does not answer; token=(redacted)",
      "not-measured.systemd": "no answer within 0.02 s",
      "not-measured.topology": "x is undefined",
    },
    measurements: [{ type: "K8s" }],
  });
  expect([taken.complete, taken.failures.map(({ name, error }) => [name, error.code])]).toEqual([
    false,
    [
      ["gpu", "UNAVAILABLE"],
      ["systemd", "TIMED_OUT"],
      ["topology", "BUG"],
    ],
  ]);
  expect(taken.notes).toEqual([
    "gpu was not measured: nvidia-smi: the driver does not answer; token=(redacted) Run nvidia-smi on the node.",
    "systemd was not measured: no answer within 0.02 s. Give it more time with --timeout, or leave it out with --exclude systemd.",
    "topology was not measured: x is undefined. Leave it out with --exclude topology if the node cannot have it.",
  ]);
  expect(finished.map(({ name, durationMs, error }) => `${name} ${durationMs} ${error?.code}`).sort()).toEqual([
    "gpu 0 UNAVAILABLE",
    "k8s 0 undefined",
    "systemd 0 TIMED_OUT",
    "topology 0 BUG",
  ]);
});

test("a collector that was not chosen is neither run nor told", async () => {
  const taken = await takeSnapshot(options([broken, k8s], { exclude: ["gpu"] }));
  expect([taken.complete, taken.snapshot.metadata.notMeasured]).toEqual([true, undefined]);
});

test("a collector that ends at its limit in its own way is late all the same", async () => {
  const listening = collector("gpu", "GPU", async (signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new Error("aborted");
  });
  const taken = await takeSnapshot(options([listening, k8s]));
  expect(taken.failures.map(({ error }) => error.message)).toEqual(["no answer within 0.02 s"]);
});

test("nothing measured is an error with every reason", async () => {
  const error = await rejectionOf(takeSnapshot(options([broken, stuck])));
  expect([error.code, error.describe()]).toEqual([
    "UNAVAILABLE",
    "nothing could be measured: gpu: nvidia-smi: the driver does not answer; token=(redacted); systemd: no answer within 0.02 s\nRun nvidia-smi on the node.",
  ]);
});

test("Ctrl-C stops all of them, also those that do not listen", async () => {
  const stop = new AbortController();
  const told: Finished[] = [];
  const signals: AbortSignal[] = [];
  const listening = collector("gpu", "GPU", async (signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  const options_ = options([stuck, listening], {
    timeoutMs: 3_600_000,
    signal: stop.signal,
    onFinished: (each) => told.push(each),
  });
  const running = takeSnapshot(options_);
  stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
  expect((await rejectionOf(running)).code).toBe("INTERRUPTED");
  expect([told, signals.map(({ aborted }) => aborted)]).toEqual([[], [true]]);
  expect((await rejectionOf(takeSnapshot(options_))).code).toBe("INTERRUPTED");
});

test("collectors of one type make one measurement", async () => {
  const more = collector("os", "OS", async () => ({ subtypes: [{ name: "grub", data: new Map() }], notes: [] }));
  const { snapshot } = await takeSnapshot(options([os, more]));
  expect(snapshot.measurements.map(({ type, subtypes }) => [type, subtypes.map(({ name }) => name)])).toEqual([
    ["OS", ["grub", "release"]],
  ]);
});
