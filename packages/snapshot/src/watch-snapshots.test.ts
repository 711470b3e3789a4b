import { SlipwayError, compactJson } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { applyPatch, type Operation } from "rfc6902";
import { expect, test } from "vitest";
import type { Snapshot } from "./model.ts";
import { snapshotTree } from "./snapshot-tree.ts";
import { changeTree, watchSnapshots, type SnapshotChange, type SnapshotWatchOptions } from "./watch-snapshots.ts";

function snapshot(driver: string, timestamp: string, notMeasured?: ReadonlyMap<string, string>): Snapshot {
  const os = { type: "OS", subtypes: [{ name: "release", data: new Map([["ID", "ubuntu"]]) }] };
  const gpu = { type: "GPU", subtypes: [{ name: "smi", data: new Map([["driver", driver]]) }] };
  return {
    metadata: { timestamp, ...(notMeasured && { notMeasured }) },
    measurements: notMeasured === undefined ? [os, gpu] : [os],
  };
}

interface Watched {
  readonly changes: readonly SnapshotChange[];
  readonly failures: readonly string[];
  readonly baselines: readonly Snapshot[];
  readonly sleeps: readonly number[];
}

/** Each step takes so many milliseconds and gives a snapshot or fails; after the last one the watch is stopped. */
async function watch(
  steps: readonly (readonly [durationMs: number, result: Snapshot | Error])[],
  more: Partial<SnapshotWatchOptions> = {},
): Promise<Watched> {
  const stop = new AbortController();
  const [changes, failures, baselines, sleeps]: [SnapshotChange[], string[], Snapshot[], number[]] = [[], [], [], []];
  let [now, next, running] = [0, 0, 0];
  await watchSnapshots({
    take: async () => {
      running += 1;
      expect(running).toBe(1);
      const [duration, result] = steps[next] ?? [0, new Error("taken too often")];
      next += 1;
      await Promise.resolve();
      now += duration;
      running -= 1;
      if (result instanceof Error) throw result;
      return result;
    },
    intervalMs: 100,
    signal: stop.signal,
    clock: { now: () => new Date(now) },
    timer: {
      sleep: async (milliseconds) => {
        sleeps.push(milliseconds);
        now += milliseconds;
        if (next === steps.length) stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
      },
    },
    onBaseline: (each) => void baselines.push(each),
    onChange: (change) => void changes.push(change),
    onFailure: (error) => failures.push(`${error.code} ${error.message}`),
    ...more,
  });
  return { changes, failures, baselines, sleeps };
}

test("each change is a patch from the state before; what stays the same is not told", async () => {
  const steps = [snapshot("570", "t0"), snapshot("570", "t1"), snapshot("580", "t2"), snapshot("590", "t3")];
  const { changes, baselines } = await watch(steps.map((each) => [10, each]));
  expect(baselines).toEqual([steps[0]]);
  expect(changes.map((change) => compactJson(changeTree(change)))).toEqual([
    '{"time":"t2","patch":[{"op":"replace","path":"/measurements/1/subtypes/0/data/driver","value":"580"}]}',
    '{"time":"t3","patch":[{"op":"replace","path":"/measurements/1/subtypes/0/data/driver","value":"590"}]}',
  ]);
  expect(changes[0]?.difference.groups.map(({ subject }) => subject)).toEqual(["GPU driver"]);
  const document: unknown = structuredClone(snapshotTree(snapshot("570", "t0")));
  for (const { patch } of changes) {
    const operations: readonly Operation[] = JSON.parse(JSON.stringify(patch));
    applyPatch(document, [...operations]);
  }
  expect(document).toEqual(snapshotTree(snapshot("590", "t0")));
});

test("starts keep to the interval, and a late one is skipped", async () => {
  const durations = [30, 250, 0, 100];
  const { sleeps } = await watch(durations.map((duration) => [duration, snapshot("570", "t")]));
  expect(sleeps).toEqual([70, 50, 100, 100]);
});

test("a failure is told and the watch goes on; before the first snapshot too", async () => {
  const { changes, failures, baselines } = await watch([
    [0, new SlipwayError("UNAVAILABLE", "nothing could be measured")],
    [0, snapshot("570", "t1")],
    [0, new TypeError("a bug")],
    [0, snapshot("580", "t3")],
  ]);
  expect(failures).toEqual(["UNAVAILABLE nothing could be measured", "BUG a bug"]);
  expect([baselines.length, changes.map(({ time }) => time)]).toEqual([1, ["t3"]]);
});

test("a collector that fails for once does not make its readings look gone", async () => {
  const { changes } = await watch([
    [0, snapshot("570", "t0")],
    [0, snapshot("", "t1", new Map([["gpu", "late"]]))],
    [0, snapshot("570", "t2")],
  ]);
  expect(changes.map(({ patch }) => patch)).toEqual([
    [{ op: "add", path: "/metadata/not-measured.gpu", value: "late" }],
    [{ op: "remove", path: "/metadata/not-measured.gpu" }],
  ]);
});

test("what is ignored is no change", async () => {
  const steps = [snapshot("570", "t0"), snapshot("580", "t1")];
  const { changes } = await watch(
    steps.map((each) => [0, each]),
    { ignore: ["GPU.smi.driver"] },
  );
  expect(changes).toEqual([]);
});

test("the next snapshot waits for what is done about a change", async () => {
  const order: string[] = [];
  await watch(
    [
      [0, snapshot("570", "t0")],
      [0, snapshot("580", "t1")],
      [0, snapshot("590", "t2")],
    ],
    {
      onChange: async ({ time }) => {
        order.push(`${time} starts`);
        await Promise.resolve();
        order.push(`${time} ends`);
      },
    },
  );
  expect(order).toEqual(["t1 starts", "t1 ends", "t2 starts", "t2 ends"]);
});

test("a failure that Ctrl-C causes is not told", async () => {
  const stop = new AbortController();
  const { failures } = await watch([], {
    signal: stop.signal,
    take: async () => {
      stop.abort();
      throw new Error("aborted");
    },
  });
  expect(failures).toEqual([]);
});

test.each([0, -1, Number.NaN])("an interval of %s is refused", async (intervalMs) => {
  expect((await rejectionOf(watch([], { intervalMs }))).code).toBe("USAGE");
});
