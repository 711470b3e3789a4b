import { cloneTree, equalTrees, type Tree } from "@slipway/base";
import { anyMap } from "@slipway/base/testing";
import fc from "fast-check";
import { applyPatch, type Operation } from "rfc6902";
import { expect, test } from "vitest";
import { measurementTree, metadataTree, snapshotTree } from "../snapshot-tree.ts";
import { anySnapshot, foreignSnapshot } from "../testing/index.ts";
import { ignoredPaths } from "./ignored.ts";
import { snapshotPatch } from "./snapshot-patch.ts";

function patched(left: Tree, patch: readonly object[]): Tree {
  const holder: { document: Tree } = { document: cloneTree(left) };
  const operations: readonly Operation[] = JSON.parse(JSON.stringify(patch));
  const within = operations.map((operation) => ({
    ...operation,
    path: `/document${operation.path}`,
    ...("from" in operation ? { from: `/document${operation.from}` } : {}),
  }));
  expect(applyPatch(holder, within).filter((error) => error !== null)).toEqual([]);
  return holder.document;
}

/** Documents in the order of whoever wrote them. */
const document = fc.oneof(anySnapshot, foreignSnapshot).map(({ metadata, measurements }): Tree => ({
  kind: "Snapshot",
  metadata: metadataTree(metadata),
  measurements: measurements.map(measurementTree),
}));

test("a patch turns one snapshot document into the other, to the letter", () => {
  fc.assert(
    fc.property(document, document, (left, right) => {
      const result = patched(left, snapshotPatch(left, right));
      expect(result).toEqual(right);
    }),
    { numRuns: 500 },
  );
});

test("a patch is right for documents that are no snapshots, too", () => {
  const json = anyMap.filter(
    (map) => !JSON.stringify(map, (_, value: unknown) => (typeof value === "bigint" ? "\0big" : value)).includes("big"),
  );
  fc.assert(
    fc.property(json, json, (left, right) => {
      const [one, other] = [
        { measurements: [left, 1], x: left },
        { measurements: [right], x: right },
      ];
      expect(equalTrees(patched(one, snapshotPatch(one, other)), other)).toBe(true);
    }),
  );
});

test("what is ignored stays as it was, and nothing else does", () => {
  const ignored = ignoredPaths(["GPU.smi.*", "OS", "*.driver"]);
  fc.assert(
    fc.property(document, document, (left, right) => {
      const patch = snapshotPatch(left, right, ignored);
      const result = patched(left, patch);
      expect(snapshotPatch(result, right, ignored)).toEqual([]);
    }),
  );
});

test("a patch is as a person would write it", () => {
  const left = snapshotTree({
    metadata: { timestamp: "1", version: "1.0" },
    measurements: [
      { type: "K8s", subtypes: [{ name: "server", data: new Map([["version", "v1.32"]]) }] },
      {
        type: "GPU",
        subtypes: [
          { name: "a", data: new Map() },
          { name: "smi", data: new Map([["x/y", "1"]]) },
        ],
      },
    ],
  });
  const right = snapshotTree({
    metadata: { timestamp: "2", version: "1.1" },
    measurements: [
      { type: "OS", subtypes: [] },
      { type: "GPU", subtypes: [{ name: "smi", data: new Map<string, string | number>([["x/y", 2]]) }] },
    ],
  });
  expect(snapshotPatch(left, right, ignoredPaths([]))).toEqual([
    { op: "replace", path: "/metadata/version", value: "1.1" },
    { op: "remove", path: "/measurements/0" },
    { op: "add", path: "/measurements/0", value: { type: "OS", subtypes: [] } },
    { op: "remove", path: "/measurements/1/subtypes/0" },
    { op: "replace", path: "/measurements/1/subtypes/0/data/x~1y", value: 2 },
  ]);
});

test("when a snapshot was taken is no change", () => {
  const [one, other] = ["1", "2"].map((timestamp) => snapshotTree({ metadata: { timestamp }, measurements: [] }));
  expect(snapshotPatch(one ?? null, other ?? null, ignoredPaths([]))).toEqual([]);
});

test("a document without measurements gets none", () => {
  const [left, right] = [{ kind: "FleetSnapshot" }, { kind: "FleetSnapshot", nodes: [] }];
  expect(snapshotPatch(left, right, ignoredPaths([]))).toEqual([{ op: "add", path: "/nodes", value: [] }]);
});
