import { cursorOf, parseJson, parseYaml, parseYamlAsText } from "@slipway/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSnapshot } from "./decode-snapshot.ts";
import type { Reading, Snapshot } from "./model.ts";
import { orderedSnapshot } from "./order.ts";
import { snapshotText } from "./snapshot-tree.ts";
import { anySnapshot } from "./testing/index.ts";

const SNAPSHOT: Snapshot = {
  metadata: {
    version: "1.0.0",
    timestamp: "2026-11-21T08:00:00Z",
    sourceNode: "gpu-0",
    notMeasured: new Map([["k8s", "no cluster"]]),
  },
  measurements: [
    {
      type: "GPU",
      subtypes: [
        { name: "smi10", data: new Map() },
        {
          name: "smi",
          data: new Map<string, Reading>([
            ["gpu10.model", "H100"],
            ["gpu2.model", "H100"],
            ["gpu-count", 8],
            ["driver", "570.10"],
            ["gpu.model", "NVIDIA H100"],
            ["mig", false],
          ]),
          context: new Map([["source", "nvidia-smi"]]),
        },
      ],
    },
    { type: "Custom", subtypes: [] },
    { type: "OS", subtypes: [{ name: "release", data: new Map([["PRETTY_NAME", "Ubuntu 24.04.1 LTS\u001b[2J"]]) }] },
  ],
};

test("YAML has types, subtypes and keys in one order", () => {
  expect(snapshotText(SNAPSHOT, "yaml")).toBe(`kind: Snapshot
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  not-measured.k8s: no cluster
  source-node: gpu-0
  timestamp: "2026-11-21T08:00:00Z"
  version: 1.0.0
measurements:
  - type: OS
    subtypes:
      - subtype: release
        data:
          PRETTY_NAME: "Ubuntu 24.04.1 LTS\\e[2J"
  - type: GPU
    subtypes:
      - subtype: smi
        data:
          driver: "570.10"
          gpu-count: 8
          gpu.model: NVIDIA H100
          gpu2.model: H100
          gpu10.model: H100
          mig: false
        context:
          source: nvidia-smi
      - subtype: smi10
        data: {}
  - type: Custom
    subtypes: []
`);
});

test("a table says what the node is, then every reading", () => {
  expect(snapshotText(SNAPSHOT, "table")).toBe(`NODE         gpu-0
OS           "Ubuntu 24.04.1 LTS\\u001b[2J"
KERNEL       -
KUBERNETES   -
RUNTIME      -
GPUS         8 x NVIDIA H100, driver 570.10
TAKEN        2026-11-21T08:00:00Z
BY           aicr 1.0.0

NOT MEASURED
  k8s   no cluster

OS.release
  PRETTY_NAME   "Ubuntu 24.04.1 LTS\\u001b[2J"

GPU.smi
  driver        570.10
  gpu-count     8
  gpu.model     NVIDIA H100
  gpu2.model    H100
  gpu10.model   H100
  mig           false
  (source)      nvidia-smi

GPU.smi10
  (nothing)

Custom
  (nothing)
`);
});

test.each([
  [[], "-"],
  [[["gpu-count", 0]], "none"],
  [[["gpu-count", 2]], "2 x unknown model"],
  [
    [
      ["model", "L40S"],
      ["cuda-version", "12.8"],
    ],
    "L40S, CUDA 12.8",
  ],
] as const)("the GPUs of %j are shown as %s", (readings, text) => {
  const data = new Map<string, Reading>(readings);
  const table = snapshotText(
    { metadata: {}, measurements: [{ type: "GPU", subtypes: [{ name: "smi", data }] }] },
    "table",
  );
  expect(/^GPUS +(.*)$/m.exec(table)?.[1]).toBe(text);
});

test("a snapshot is read back as it was written, in YAML and JSON", () => {
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      const yaml = snapshotText(snapshot, "yaml");
      const json = snapshotText(snapshot, "json");
      expect(decodeSnapshot(cursorOf(parseYaml(yaml), () => parseYamlAsText(yaml)))).toEqual(orderedSnapshot(snapshot));
      expect(decodeSnapshot(cursorOf(parseJson(json)), { format: "json" })).toEqual(orderedSnapshot(snapshot));
    }),
  );
});

test("the order of what was measured does not show", () => {
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      const shuffled: Snapshot = {
        metadata: snapshot.metadata,
        measurements: snapshot.measurements.toReversed().map(({ type, subtypes }) => ({
          type,
          subtypes: subtypes
            .toReversed()
            .map((subtype) => ({ ...subtype, data: new Map([...subtype.data].reverse()) })),
        })),
      };
      expect(snapshotText(shuffled, "yaml")).toBe(snapshotText(snapshot, "yaml"));
      expect(snapshotText(shuffled, "table")).toBe(snapshotText(snapshot, "table"));
    }),
  );
});

test("a table holds every reading", () => {
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      const lines = snapshotText(snapshot, "table").split("\n");
      const readings = snapshot.measurements.flatMap(({ subtypes }) => subtypes.flatMap(({ data }) => [...data]));
      const rows = lines.filter((line) => line.startsWith("  ") && line !== "  (nothing)");
      expect(rows.length).toBeGreaterThanOrEqual(readings.length);
    }),
  );
});
