import { cursorOf, parseYaml, parseYamlAsText } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { decodeSnapshot } from "./decode-snapshot.ts";
import { snapshotLookup } from "./lookup.ts";
import type { Reading, Snapshot } from "./model.ts";

function read(text: string, format?: "yaml" | "json"): Snapshot {
  const cursor = cursorOf(parseYaml(text), () => parseYamlAsText(text));
  return format === undefined ? decodeSnapshot(cursor) : decodeSnapshot(cursor, { format });
}

const SNAPSHOT = `
kind: Snapshot
apiVersion: aicr.nvidia.com/v1alpha1
metadata: { version: 0.1.0, timestamp: 2026-11-21T08:00:00Z, source-node: gpu-0 }
measurements:
  - type: K8s
    subtypes:
      - subtype: server
        data: { version: v1.33.5-eks-1, count: 8, minor: 1.30, ready: true, gone: null, list: [1, a], map: { b: 2, a: 1 }, big: 9007199254740993, endless: .inf }
        context: { note: 7 }
      - subtype: server
        data: { version: second }
  - type: K8s
    subtypes: [{ subtype: server, data: { late: never } }]
  - type: OS
    subtypes:
      - { subtype: sysctl, data: { /proc/sys/kernel/a.b: "1" } }
      - { subtype: release }
`;

test("a snapshot is measurements of scalars, in the order of the document", () => {
  expect(read(SNAPSHOT).metadata).toEqual({
    version: "0.1.0",
    timestamp: "2026-11-21T08:00:00Z",
    sourceNode: "gpu-0",
  });
  expect(read(SNAPSHOT).measurements.map(({ type, subtypes }) => [type, subtypes.map(({ name }) => name)])).toEqual([
    ["K8s", ["server", "server"]],
    ["K8s", ["server"]],
    ["OS", ["sysctl", "release"]],
  ]);
  expect(read(SNAPSHOT).measurements[0]?.subtypes[0]).toEqual({
    name: "server",
    data: new Map<string, Reading>([
      ["version", "v1.33.5-eks-1"],
      ["count", 8],
      ["minor", 1.3],
      ["ready", true],
      ["gone", "<nil>"],
      ["list", "[1 a]"],
      ["map", "map[a:1 b:2]"],
      ["big", "9007199254740993"],
      ["endless", "+Inf"],
    ]),
    context: new Map([["note", "7"]]),
  });
});

test.each([
  ["K8s.server.version", "v1.33.5-eks-1"],
  ["K8s.server.count", "8"],
  ["K8s.server.minor", "1.3"],
  ["K8s.server.ready", "true"],
  ["OS.sysctl./proc/sys/kernel/a.b", "1"],
  ["K8s.server.late", undefined],
  ["k8s.server.version", undefined],
  ["K8s.image.driver", undefined],
  ["K8s.server", undefined],
  ["OS.release.ID", undefined],
  ["GPU.smi.constructor", undefined],
])("the reading %s is %s: the first measurement and subtype of a name count", (name, value) => {
  expect(snapshotLookup(read(SNAPSHOT))(name)).toBe(value);
});

test("numbers are floats to one who looks up a JSON snapshot, and integers in a YAML snapshot", () => {
  const text =
    '{"measurements":[{"type":"A","subtypes":[{"subtype":"b","data":{"c":123456789012,"d":4,"e":[1234567]}}]}]}';
  const [json, yaml] = [read(text, "json"), read(text, "yaml")];
  expect(["c", "d", "e"].map((key) => snapshotLookup(json, { format: "json" })(`A.b.${key}`))).toEqual([
    "1.23456789012e+11",
    "4",
    "[1.234567e+06]",
  ]);
  expect(["c", "d", "e"].map((key) => snapshotLookup(yaml)(`A.b.${key}`))).toEqual(["123456789012", "4", "[1234567]"]);
  expect(json.measurements[0]?.subtypes[0]?.data.get("c")).toBe(123456789012);
});

test("collectors that gave nothing are told with their reasons", () => {
  const { metadata } = read("{metadata: {not-measured.gpu: no answer, not-measured.k8s: null, other: 1}}");
  expect(metadata).toEqual({
    notMeasured: new Map([
      ["gpu", "no answer"],
      ["k8s", ""],
    ]),
  });
});

test.each(["{}", "kind: Snapshot", "measurements:", "measurements: []"])("%j is an empty snapshot", (text) => {
  expect(read(text).measurements).toEqual([]);
});

test.each([
  ["measurements: [null]", "measurements[0]: expected a measurement (type, subtypes), found null"],
  ["measurements: [{type: A}, 7]", "measurements[1]: expected a measurement (type, subtypes), found a number"],
  ["measurements: {}", "measurements: expected a list, found a map"],
  ["measurements: [{subtypes: [null]}]", "measurements[0].subtypes[0]: expected a subtype (subtype, data), found null"],
  ["measurements: [{subtypes: [{data: []}]}]", "measurements[0].subtypes[0].data: expected a map, found a list"],
  ["[]", "expected a Snapshot document, found a list"],
  ["", "expected a Snapshot document, found null"],
  [
    "kind: RecipeResult",
    'kind: expected a Snapshot, found a document of kind "RecipeResult"\nA snapshot is a document of kind Snapshot, with measurements of a cluster.',
  ],
])("%j is refused with its place", (text, message) => {
  const error = errorOf(() => read(text));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", message]);
});
