import { cursorOf, parseJson, parseYaml, parseYamlAsText } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reading, Snapshot } from "../model.ts";
import { orderedSnapshot } from "../order.ts";
import { anySnapshot, foreignSnapshot } from "../testing/index.ts";
import { decodeFleet } from "./decode-fleet.ts";
import type { FleetSnapshot } from "./fleet-model.ts";
import { fleetText, fleetTree } from "./fleet-tree.ts";
import { mergeFleet, type MeasuredNode } from "./merge-fleet.ts";
import { nodeSnapshots } from "./node-snapshots.ts";

type Data = Readonly<Record<string, Reading>>;

function gpuNode(node: string, smi: Data, kernel = "6.8.0-1021-aws", nic = "28.39.1002"): MeasuredNode {
  const subtype = (name: string, data: Data) => ({ name, data: new Map(Object.entries(data)) });
  return {
    node,
    snapshot: {
      metadata: { sourceNode: node, timestamp: "2026-11-21T08:00:00Z" },
      measurements: [
        { type: "K8s", subtypes: [subtype("node", { "kernel-version": kernel, "source-node": node })] },
        { type: "GPU", subtypes: [subtype("smi", { "gpu.model": "NVIDIA H100", "gpu-count": 8, ...smi })] },
        { type: "OS", subtypes: [subtype("nic", { "mlx5_0.firmware-version": nic })] },
        { type: "NodeTopology", subtypes: [subtype("summary", { "node-count": node === "gpu-2" ? 7 : 4 })] },
      ],
    },
  };
}

const FLEET: readonly MeasuredNode[] = [
  gpuNode("gpu-10", { driver: "570.158.01" }),
  gpuNode("gpu-2", { driver: "570.158.01", "gpu-count": 7 }),
  { node: "gpu-3", reason: "no answer within 60 s" },
  gpuNode("gpu-1", { driver: "565.57.01", spare: true }, "6.5.0-1000-aws", "28.36.0"),
  gpuNode("gpu-4", { driver: "570.158.01" }),
  { node: "cpu-0", snapshot: { metadata: {}, measurements: [{ type: "OS", subtypes: [] }] } },
];

test("what most nodes share stands once; what is unlike stands with the node, and outliers are named", () => {
  expect(fleetText(mergeFleet(FLEET, { version: "1.0.0", timestamp: "2026-11-21T08:00:00Z" }), "yaml"))
    .toBe(`kind: FleetSnapshot
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  timestamp: "2026-11-21T08:00:00Z"
  version: 1.0.0
summary:
  nodes: 5
  notMeasured: 1
  groups: 4
  outliers: 5
outliers:
  - node: gpu-1
    pool: NVIDIA H100
    subject: GPU driver
    reading: GPU.smi.driver
    expected: 570.158.01
    actual: 565.57.01
    alike: 3
    poolSize: 4
  - node: gpu-2
    pool: NVIDIA H100
    subject: GPU hardware
    reading: GPU.smi.gpu-count
    expected: "8"
    actual: "7"
    alike: 3
    poolSize: 4
  - node: gpu-1
    pool: NVIDIA H100
    subject: GPU hardware
    reading: GPU.smi.spare
    actual: "true"
    alike: 3
    poolSize: 4
  - node: gpu-1
    pool: NVIDIA H100
    subject: Kernel
    reading: K8s.node.kernel-version
    expected: 6.8.0-1021-aws
    actual: 6.5.0-1000-aws
    alike: 3
    poolSize: 4
  - node: gpu-1
    pool: NVIDIA H100
    subject: Network adapters
    reading: OS.nic.mlx5_0.firmware-version
    expected: 28.39.1002
    actual: 28.36.0
    alike: 3
    poolSize: 4
notMeasured:
  - node: gpu-3
    reason: no answer within 60 s
groups:
  - traits:
      GPU model: NVIDIA H100
      GPUs: "8"
      Driver: 570.158.01
      NIC firmware: 28.39.1002
      Kernel: 6.8.0-1021-aws
    nodes:
      - gpu-4
      - gpu-10
  - traits:
      GPU model: NVIDIA H100
      GPUs: "7"
      Driver: 570.158.01
      NIC firmware: 28.39.1002
      Kernel: 6.8.0-1021-aws
    nodes:
      - gpu-2
  - traits:
      GPU model: NVIDIA H100
      GPUs: "8"
      Driver: 565.57.01
      NIC firmware: 28.36.0
      Kernel: 6.5.0-1000-aws
    nodes:
      - gpu-1
  - traits: {}
    nodes:
      - cpu-0
common:
  - type: K8s
    subtypes:
      - subtype: node
        data:
          kernel-version: 6.8.0-1021-aws
  - type: OS
    subtypes:
      - subtype: nic
        data:
          mlx5_0.firmware-version: 28.39.1002
  - type: GPU
    subtypes:
      - subtype: smi
        data:
          driver: 570.158.01
          gpu-count: 8
          gpu.model: NVIDIA H100
  - type: NodeTopology
    subtypes:
      - subtype: summary
        data:
          node-count: 4
nodes:
  - node: cpu-0
    pool: no GPU
    metadata: {}
    lacks:
      - type: K8s
      - type: OS
        subtype: nic
      - type: GPU
      - type: NodeTopology
  - node: gpu-1
    pool: NVIDIA H100
    metadata:
      source-node: gpu-1
      timestamp: "2026-11-21T08:00:00Z"
    measurements:
      - type: K8s
        subtypes:
          - subtype: node
            data:
              kernel-version: 6.5.0-1000-aws
              source-node: gpu-1
      - type: OS
        subtypes:
          - subtype: nic
            data:
              mlx5_0.firmware-version: 28.36.0
      - type: GPU
        subtypes:
          - subtype: smi
            data:
              driver: 565.57.01
              spare: true
  - node: gpu-2
    pool: NVIDIA H100
    metadata:
      source-node: gpu-2
      timestamp: "2026-11-21T08:00:00Z"
    measurements:
      - type: K8s
        subtypes:
          - subtype: node
            data:
              source-node: gpu-2
      - type: GPU
        subtypes:
          - subtype: smi
            data:
              gpu-count: 7
      - type: NodeTopology
        subtypes:
          - subtype: summary
            data:
              node-count: 7
  - node: gpu-4
    pool: NVIDIA H100
    metadata:
      source-node: gpu-4
      timestamp: "2026-11-21T08:00:00Z"
    measurements:
      - type: K8s
        subtypes:
          - subtype: node
            data:
              source-node: gpu-4
  - node: gpu-10
    pool: NVIDIA H100
    metadata:
      source-node: gpu-10
      timestamp: "2026-11-21T08:00:00Z"
    measurements:
      - type: K8s
        subtypes:
          - subtype: node
            data:
              source-node: gpu-10
`);
});

test("a table says what is alike and who is unlike", () => {
  expect(fleetText(mergeFleet(FLEET), "table")).toBe(`NODES          5
POOLS          2 (no GPU, NVIDIA H100)
GROUPS         4
OUTLIERS       5 readings of 2 nodes
NOT MEASURED   1 node

GROUP 1: 2 nodes (gpu-4, gpu-10)
  GPU model      NVIDIA H100
  GPUs           8
  Driver         570.158.01
  NIC firmware   28.39.1002
  Kernel         6.8.0-1021-aws

GROUP 2: 1 node (gpu-2)
  GPU model      NVIDIA H100
  GPUs           7
  Driver         570.158.01
  NIC firmware   28.39.1002
  Kernel         6.8.0-1021-aws

GROUP 3: 1 node (gpu-1)
  GPU model      NVIDIA H100
  GPUs           8
  Driver         565.57.01
  NIC firmware   28.36.0
  Kernel         6.5.0-1000-aws

GROUP 4: 1 node (cpu-0)
  (nothing was measured)

OUTLIERS
  NODE    READING                          EXPECTED         ACTUAL           ALIKE
  gpu-1   GPU.smi.driver                   570.158.01       565.57.01        3 of 4
  gpu-2   GPU.smi.gpu-count                8                7                3 of 4
  gpu-1   GPU.smi.spare                    -                true             3 of 4
  gpu-1   K8s.node.kernel-version          6.8.0-1021-aws   6.5.0-1000-aws   3 of 4
  gpu-1   OS.nic.mlx5_0.firmware-version   28.39.1002       28.36.0          3 of 4

NOT MEASURED
  gpu-3   no answer within 60 s
`);
});

test("a node that lacks all of a subtype is told once, for the whole", () => {
  const bare: MeasuredNode = {
    node: "gpu-9",
    pool: "NVIDIA H100",
    snapshot: { metadata: {}, measurements: [{ type: "OS", subtypes: [] }] },
  };
  const fleet = mergeFleet([...["a", "b", "c"].map((name) => gpuNode(name, {})), bare]);
  expect(fleet.outliers.map(({ node, reading, expected, actual }) => [node, reading, expected, actual])).toEqual([
    ["gpu-9", "GPU", "measured", "not measured"],
    ["gpu-9", "OS.nic", "measured", "not measured"],
    ["gpu-9", "K8s", "measured", "not measured"],
  ]);
});

test("two nodes that differ have no outlier: nobody knows which one is right", () => {
  expect(mergeFleet([gpuNode("a", { driver: "1" }), gpuNode("b", { driver: "2" })]).outliers).toEqual([]);
});

test("a fleet without nodes can be written and read", () => {
  const fleet = mergeFleet([]);
  expect(decodeFleet(cursorOf(fleetTree(fleet)))).toEqual({ ...fleet, metadata: {} });
  expect(fleetText(fleet, "table")).toBe("NODES      0\nPOOLS      0 ()\nGROUPS     0\nOUTLIERS   none\n");
});

test("a node is measured once", () => {
  const error = errorOf(() => mergeFleet([gpuNode("a", {}), { node: "a", reason: "late" }]));
  expect([error.code, error.describe()]).toEqual([
    "CONFLICT",
    'the node "a" was measured twice\nGive each node once; two snapshots of a node are compared with aicr diff.',
  ]);
});

test.each([
  ["[]", "kind: expected a FleetSnapshot, found a list"],
  ["kind: Snapshot", 'kind: expected a FleetSnapshot, found a document of kind "Snapshot"'],
  ["{kind: FleetSnapshot, nodes: [{pool: x}]}", "nodes[0].node: must be given and not be empty"],
  ["{kind: FleetSnapshot, common: [null]}", "common[0]: expected a measurement (type, subtypes), found null"],
])("%j is refused", (text, message) => {
  const error = errorOf(() => decodeFleet(cursorOf(parseYaml(text))));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", message]);
});

/** Fleets of nodes that are alike but for a few. */
const anyFleet: fc.Arbitrary<readonly Snapshot[]> = fc
  .tuple(anySnapshot, fc.array(fc.tuple(fc.nat(3), fc.oneof(anySnapshot, foreignSnapshot)), { maxLength: 8 }))
  .map(([base, nodes]) =>
    nodes.map(([kind, other]): Snapshot => {
      if (kind === 0) return other;
      return kind === 1 ? { ...base, measurements: [...base.measurements.slice(1), ...other.measurements] } : base;
    }),
  );

function roundTrip(fleet: FleetSnapshot, format: "yaml" | "json"): FleetSnapshot {
  const text = fleetText(fleet, format);
  if (format === "json") return decodeFleet(cursorOf(parseJson(text)), { format });
  return decodeFleet(cursorOf(parseYaml(text), () => parseYamlAsText(text)));
}

test("merging, writing, reading and splitting again loses nothing", () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom("yaml", "json"), (snapshots, format) => {
      const fleet = mergeFleet(snapshots.map((snapshot, index) => ({ node: `n${index}`, snapshot })));
      const again = roundTrip(fleet, format);
      expect(fleetTree(again)).toEqual(fleetTree(fleet));
      expect([...nodeSnapshots(again)].map(({ snapshot }) => snapshot)).toEqual(snapshots.map(orderedSnapshot));
    }),
  );
});

test("the order in which nodes are measured does not show", () => {
  fc.assert(
    fc.property(anyFleet, (snapshots) => {
      const nodes = snapshots.map((snapshot, index) => ({ node: `n${index}`, snapshot }));
      expect(fleetText(mergeFleet(nodes.toReversed()), "yaml")).toBe(fleetText(mergeFleet(nodes), "yaml"));
    }),
  );
});

test("a thousand nodes that are alike take the room of one", () => {
  const data = new Map(Array.from({ length: 3000 }, (_, index) => [`key-${index}`, `value-${index}`]));
  function* nodes(): Generator<MeasuredNode> {
    for (let index = 0; index < 1000; index++) {
      const own = new Map([...data, ["hostname", `n${index}`]]);
      yield {
        node: `n${index}`,
        snapshot: { metadata: {}, measurements: [{ type: "OS", subtypes: [{ name: "sysctl", data: own }] }] },
      };
    }
  }
  const fleet = mergeFleet(nodes());
  expect(fleet.common[0]?.subtypes[0]?.data.size).toBe(3000);
  expect(fleet.nodes.every(({ measurements }) => measurements[0]?.subtypes[0]?.data.size === 1)).toBe(true);
  expect(fleetText(fleet, "yaml").length).toBeLessThan(400_000);
});
