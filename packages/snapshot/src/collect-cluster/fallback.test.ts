import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import type { Collected, Collector } from "../collector.ts";
import type { Reading } from "../model.ts";
import { withClusterGpus, withClusterServices } from "./fallback.ts";

type Subtypes = Readonly<Record<string, Readonly<Record<string, Reading>>>>;

function collector(found: Subtypes | Error, ...notes: readonly string[]): Collector & { asked: number } {
  return {
    name: "gpu",
    type: "GPU",
    asked: 0,
    async collect(): Promise<Collected> {
      this.asked++;
      if (found instanceof Error) throw found;
      const subtypes = Object.entries(found).map(([name, data]) => ({ name, data: new Map(Object.entries(data)) }));
      return { subtypes, notes };
    },
  };
}

async function outcome(combined: Collector): Promise<unknown> {
  const { subtypes, notes } = await combined.collect(new AbortController().signal);
  return [Object.fromEntries(subtypes.map(({ name, data }) => [name, Object.fromEntries(data)])), notes];
}

const cluster = { device: { model: "H100", "gpu-count": 8 }, labels: { a: "b" } };

test.each<Subtypes>([{ smi: { "gpu-count": 1 } }, { device: { model: "L40S" } }, { smi: { "gpu.model": "A100" } }])(
  "the cluster is not asked about what the machine shows: %j",
  async (local) => {
    const other = collector(cluster);
    expect(await outcome(withClusterGpus(collector(local, "note"), other))).toEqual([local, ["note"]]);
    expect(other.asked).toBe(0);
  },
);

test("what the machine does not show, the cluster does", async () => {
  const local = collector({ smi: { "gpu-count": 0 }, device: {} }, "no nvidia-smi");
  expect(await outcome(withClusterGpus(local, collector(cluster, "from labels")))).toEqual([
    { smi: { "gpu-count": 0 }, ...cluster },
    ["no nvidia-smi", "from labels"],
  ]);
});

test("the cluster stands in for a local failure, and not the other way round", async () => {
  const broken = new SlipwayError("NOT_FOUND", "there is no systemd");
  expect(await outcome(withClusterServices(collector(broken), collector(cluster)))).toEqual([
    cluster,
    ["there is no systemd; what the cluster knows stands in."],
  ]);
  const none = withClusterServices(collector(broken), collector({}));
  await expect(outcome(none)).rejects.toBe(broken);
  await expect(outcome(withClusterServices(collector(broken), collector(new Error("down"))))).rejects.toBe(broken);
  expect(await outcome(withClusterGpus(collector({ smi: { "gpu-count": 0 } }), collector(new Error("down"))))).toEqual([
    { smi: { "gpu-count": 0 } },
    ["The cluster was not asked either: down."],
  ]);
});

test("an interruption is none of both", async () => {
  const local = collector(new SlipwayError("INTERRUPTED", "stopped"));
  const other = collector(cluster);
  const stopped = withClusterGpus(local, other).collect(AbortSignal.abort(new Error("ctrl-c")));
  await expect(stopped).rejects.toThrow("ctrl-c");
  expect(other.asked).toBe(0);
});
