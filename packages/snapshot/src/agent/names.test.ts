import fc from "fast-check";
import { expect, test } from "vitest";
import { newRunId, runNames, targetNames } from "./names.ts";

test("every object of a run has the run's id in its name", () => {
  expect(runNames("aicr", "1a2b3c4d")).toEqual({
    runId: "1a2b3c4d",
    account: "aicr-1a2b3c4d",
    clusterRole: "aicr-node-reader-1a2b3c4d",
  });
  expect(targetNames("aicr", "1a2b3c4d")).toEqual({ job: "aicr-1a2b3c4d", snapshot: "aicr-snapshot-1a2b3c4d" });
  expect(targetNames("aicr", "1a2b3c4d", "gpu-1")).toEqual({
    job: "aicr-1a2b3c4d-gpu-1",
    snapshot: "aicr-snapshot-1a2b3c4d-gpu-1",
  });
});

test("a node's name that is long, or has dots, is cut and gets a hash", () => {
  const long = "ip-10-0-0-7.eu-central-1.compute.internal.and.a.domain.that.goes.on";
  expect(targetNames("aicr", "1a2b3c4d", long)).toEqual({
    job: "aicr-1a2b3c4d-ip-10-0-0-7-eu-central-1-compute-interna-bbb21d02",
    snapshot: "aicr-snapshot-1a2b3c4d-ip-10-0-0-7-eu-central-1-comput-bbb21d02",
  });
});

test("names are labels of DNS, and those of two nodes differ", () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const node = fc.array(label, { minLength: 1, maxLength: 8 }).map((parts) => parts.join("."));
  fc.assert(
    fc.property(node, node, (one, other) => {
      const [first, second] = [one, other].map((name) => targetNames("a".repeat(30), "0123abcd", name));
      for (const name of [first?.job, first?.snapshot]) {
        expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
      }
      expect(first?.job === second?.job).toBe(one === other);
    }),
  );
});

test("run ids are 8 hexadecimal digits", () => {
  expect([newRunId(() => 0), newRunId(() => 0.5), newRunId(() => 0.999_999_999_9)]).toEqual([
    "00000000",
    "80000000",
    "ffffffff",
  ]);
});
