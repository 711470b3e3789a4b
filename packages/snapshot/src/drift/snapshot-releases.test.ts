import { expect, test } from "vitest";
import { helmReadings } from "../collect-cluster/helm-releases.ts";
import type { Snapshot } from "../model.ts";
import { releasesOfSnapshot } from "./snapshot-releases.ts";

function snapshotWith(data: ReadonlyMap<string, string | number>): Snapshot {
  return { metadata: {}, measurements: [{ type: "K8s", subtypes: [{ name: "helm", data }] }] };
}

test("what the collector writes of releases is read back", () => {
  const release = {
    namespace: "gpu-operator",
    name: "gpu.operator-1",
    chart: "gpu-operator",
    version: "v25.10.1",
    appVersion: "v25.10.1",
    status: "deployed",
  };
  const labelled = { namespace: "a", name: "b", chart: "b", version: "1.0.0", appVersion: "", status: "" };
  const readings = helmReadings([
    { ...release, revision: 3, source: "secrets" },
    { ...labelled, revision: undefined, source: "labels" },
  ]);
  expect(releasesOfSnapshot(snapshotWith(readings))).toEqual([labelled, release]);
});

test("keys of another form, and snapshots without releases, tell of none", () => {
  expect(releasesOfSnapshot(snapshotWith(new Map([["gpu-operator.version", "1"]])))).toEqual([]);
  expect(releasesOfSnapshot({ metadata: {}, measurements: [] })).toEqual([]);
});
