import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reading, Snapshot } from "../model.ts";
import { anySnapshot, foreignSnapshot } from "../testing/index.ts";
import { diffSnapshots } from "./diff-snapshots.ts";
import { differenceText, differenceTree } from "./difference-text.ts";

type Groups = Readonly<Record<string, Readonly<Record<string, Reading>>>>;

/** @param groups by `Type.subtype` */
function snapshot(groups: Groups, metadata: Snapshot["metadata"] = {}): Snapshot {
  const types = new Map<string, Snapshot["measurements"][number]["subtypes"]>();
  for (const [path, data] of Object.entries(groups)) {
    const [type = "", ...name] = path.split(".");
    types.set(type, [...(types.get(type) ?? []), { name: name.join("."), data: new Map(Object.entries(data)) }]);
  }
  return { metadata, measurements: [...types].map(([type, subtypes]) => ({ type, subtypes })) };
}

const BEFORE = snapshot(
  {
    "K8s.server": { version: "v1.32.9-eks-1" },
    "K8s.node": { "kubelet-version": "v1.32.9", "kernel-version": "6.8.0-1021-aws", provider: "eks" },
    "K8s.image": { "nvidia/driver": "570.158.01", "old/app": "1.0", same: "1" },
    "K8s.helm": { "gpu-operator/gpu-operator.version": "v25.3.0", "gpu-operator/gpu-operator.status": "deployed" },
    "GPU.smi": { driver: "570.158.01", "gpu-count": 8, "gpu.vbios-version": "96.00.89.00.01", "gpu.model": "H100" },
    "OS.sysctl": { "/proc/sys/vm/swappiness": "60" },
    "OS.kmod": { nvidia: true },
    "SystemD.containerd.service": { ActiveState: "active" },
    "SystemD.docker.service": { ActiveState: "inactive", SubState: "dead" },
    "NodeTopology.taint": { "nvidia.com/gpu": "NoSchedule|present|n1,n2" },
    "NodeTopology.summary": { "node-count": 2 },
  },
  { timestamp: "2026-11-21T08:00:00Z", version: "1.0.0", sourceNode: "n1" },
);

const AFTER = snapshot(
  {
    "K8s.server": { version: "v1.33.5-eks-1" },
    "K8s.node": { "kubelet-version": "v1.33.5", "kernel-version": "6.8.0-1021-aws", provider: "eks" },
    "K8s.image": { "nvidia/driver": "565.57.01", "new/app": "2.0", same: "1" },
    "K8s.helm": { "gpu-operator/gpu-operator.version": "v25.10.0", "gpu-operator/gpu-operator.status": "failed" },
    "OS.sysctl": { "/proc/sys/vm/swappiness": 60 },
    "OS.kmod": {},
    "SystemD.containerd.service": { ActiveState: "failed\u001b[2J" },
    "NodeTopology.taint": { "nvidia.com/gpu": "NoSchedule|present|n2,n3" },
    "NodeTopology.summary": { "node-count": 3 },
  },
  {
    timestamp: "2026-11-22T08:00:00Z",
    version: "1.1.0",
    sourceNode: "n1",
    notMeasured: new Map([["gpu", "no answer within 10 s"]]),
  },
);

test("differences are told by what they mean", () => {
  expect(differenceText(diffSnapshots(BEFORE, AFTER))).toBe(`Kubernetes version
  ~ K8s.node.kubelet-version: v1.32.9 -> v1.33.5 (upgrade)
  ~ K8s.server.version: v1.32.9-eks-1 -> v1.33.5-eks-1 (upgrade)

GPU
  - GPU (4 readings; not measured: no answer within 10 s)

Helm releases
  ~ K8s.helm.gpu-operator/gpu-operator.status: deployed -> failed
  ~ K8s.helm.gpu-operator/gpu-operator.version: v25.3.0 -> v25.10.0 (upgrade)

Images
  + K8s.image.new/app: 2.0
  ~ K8s.image.nvidia/driver: 570.158.01 -> 565.57.01 (downgrade)
  - K8s.image.old/app: 1.0

Node taints
  ~ NodeTopology.taint.nvidia.com/gpu: NoSchedule|present|n1,n2 -> NoSchedule|present|n2,n3 (also on n3; no longer on n1)

Nodes
  ~ NodeTopology.summary.node-count: 2 -> 3 (1 more)

Services
  ~ SystemD.containerd.service.ActiveState: active -> "failed\\u001b[2J"
  - SystemD.docker.service (2 readings)

Kernel modules
  - OS.kmod.nvidia: true

The snapshot
  + metadata.not-measured.gpu: no answer within 10 s
  ~ metadata.version: 1.0.0 -> 1.1.0 (upgrade)

15 differences: 2 added, 4 removed, 9 changed.
`);
});

test("the document has the same, for programs", () => {
  const before = snapshot({ "GPU.smi": { "gpu-count": 8, driver: "570.1" } });
  const after = snapshot({ "GPU.smi": { "gpu-count": 7, cuda: "13" }, "OS.release": { ID: "ubuntu" } });
  expect(differenceTree(diffSnapshots(before, after))).toEqual({
    kind: "SnapshotDifference",
    summary: { added: 2, removed: 1, changed: 1 },
    groups: [
      { subject: "GPU driver", changes: [{ change: "removed", path: "GPU.smi.driver", from: "570.1" }] },
      {
        subject: "GPU hardware",
        changes: [
          { change: "added", path: "GPU.smi.cuda", to: "13" },
          { change: "changed", path: "GPU.smi.gpu-count", from: 8, to: 7, meaning: "1 fewer" },
        ],
      },
      { subject: "Operating system", changes: [{ change: "added", path: "OS", readings: 1 }] },
    ],
  });
});

test("lines are painted by what they say, and long values are cut", () => {
  const difference = diffSnapshots(snapshot({ "X.y": {} }), snapshot({ "X.y": { z: "a".repeat(200) } }));
  expect(differenceText(difference, (kind, line) => `<${kind}>${line}`)).toBe(
    `<title>Other readings\n<added>  + X.y.z: ${"a".repeat(160)}…\n\n1 difference: 1 added.\n`,
  );
});

test.each([
  [["OS"], []],
  [["OS.sysctl.*", "OS.k*"], []],
  [["OS.*"], []],
  [["OS.sysctl"], ["OS.kmod.nvidia"]],
  [["OS.kmod.nvidia"], ["OS.sysctl.vm.swap"]],
  [["*.swap"], ["OS.kmod.nvidia"]],
])("ignoring %j leaves %j", (ignore, left) => {
  const before = snapshot({ "OS.sysctl": { "vm.swap": 1 }, "OS.kmod": { nvidia: true } });
  const after = snapshot({ "OS.sysctl": { "vm.swap": 2 }, "OS.kmod": {} });
  const { groups, notes } = diffSnapshots(before, after, { ignore });
  expect([groups.flatMap(({ changes }) => changes.map(({ path }) => path)), notes]).toEqual([left, []]);
});

test("a whole type that is ignored is ignored when it goes", () => {
  expect(diffSnapshots(snapshot({ "GPU.smi": { a: 1 } }), snapshot({}), { ignore: ["GPU.*"] }).groups).toEqual([]);
});

test.each([
  ["OS.sysctll.*", 'OS.sysctll.*" matches no reading of either snapshot. Did you mean "OS.sysctl"?'],
  ["Gpu", 'Gpu" matches no reading of either snapshot. Did you mean "GPU"?'],
  ["GPU.smi.drivers", 'GPU.smi.drivers" matches no reading of either snapshot. Did you mean "GPU.smi.driver"?'],
  ["nothing-like-it", 'nothing-like-it" matches no reading of either snapshot.'],
])("a pattern that matches nothing is told: %s", (pattern, note) => {
  expect(diffSnapshots(BEFORE, AFTER, { ignore: [pattern, "K8s.image"] }).notes).toEqual([`--ignore "${note}`]);
});

test("an empty pattern is refused", () => {
  const error = errorOf(() => diffSnapshots(BEFORE, AFTER, { ignore: ["GPU", " "] }));
  expect([error.code, error.describe()]).toEqual([
    "USAGE",
    "--ignore: is an empty pattern\nPatterns are names of readings such as OS.sysctl.*, K8s.image or GPU.smi.driver.",
  ]);
});

test("a context that differs is told, and when a snapshot was taken is not", () => {
  const withSource = (source: string, timestamp: string): Snapshot => ({
    metadata: { timestamp },
    measurements: [
      { type: "GPU", subtypes: [{ name: "smi", data: new Map(), context: new Map([["source", source]]) }] },
    ],
  });
  expect(diffSnapshots(withSource("a", "1"), withSource("b", "2")).groups).toEqual([
    {
      subject: "Where readings come from",
      changes: [{ change: "changed", path: "GPU.smi.context.source", from: "a", to: "b" }],
    },
  ]);
});

test("a snapshot does not differ from itself", () => {
  fc.assert(
    fc.property(fc.oneof(anySnapshot, foreignSnapshot), (each) => {
      expect(differenceText(diffSnapshots(each, each))).toBe("No differences.\n");
    }),
  );
});

test("the way back has what was removed as added", () => {
  const counts = (left: Snapshot, right: Snapshot): readonly number[] =>
    ["added", "removed", "changed"].map(
      (kind) =>
        diffSnapshots(left, right).groups.flatMap((group) => group.changes.filter(({ change }) => change === kind))
          .length,
    );
  fc.assert(
    fc.property(anySnapshot, anySnapshot, (left, right) => {
      const [added, removed, changed] = counts(left, right);
      expect(counts(right, left)).toEqual([removed, added, changed]);
    }),
  );
});

test("a type that came or went is told in its own group, and one without readings not at all", () => {
  const after = snapshot({
    "K8s.server": { version: "v1" },
    "SystemD.k": { a: 1 },
    "NodeTopology.taint": {},
    "X.y": { z: 1 },
  });
  expect(differenceText(diffSnapshots(snapshot({ "GPU.smi": {}, "OS.kmod": { nvidia: true } }), after))).toBe(
    `Kubernetes
  + K8s (1 reading)

Operating system
  - OS (1 reading)

Services
  + SystemD (1 reading)

Other readings
  + X (1 reading)

4 differences: 3 added, 1 removed.
`,
  );
});
