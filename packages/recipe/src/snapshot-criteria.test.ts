import { expect, test } from "vitest";
import type { CriteriaField, Overlay } from "./model.ts";
import { criteriaFromSnapshot, type SnapshotCriteria } from "./snapshot-criteria.ts";

type Data = Readonly<Record<string, string | number | boolean>>;

function overlaysFor(stated: Readonly<Partial<Record<CriteriaField, string>>>): ReadonlyMap<string, Overlay> {
  const overlay: Overlay = {
    name: "one",
    file: "overlays/one.yaml",
    criteria: stated,
    constraints: [],
    components: [],
    validation: {},
  };
  return new Map([["one", overlay]]);
}

function told(
  readings: readonly (readonly [type: string, subtype: string, data: Data])[],
  stated: Readonly<Partial<Record<CriteriaField, string>>> = {},
): SnapshotCriteria {
  const measurements = readings.map(([type, subtype, data]) => ({
    type,
    subtypes: [{ name: subtype, data: new Map(Object.entries(data)) }],
  }));
  return criteriaFromSnapshot({ measurements }, { overlays: overlaysFor(stated) });
}

test("service, accelerator and system are read off their measurements", () => {
  expect(
    told([
      ["K8s", "server", { version: "v1.33.5-eks-3025e55" }],
      ["GPU", "smi", { "gpu.model": "NVIDIA H100 80GB HBM3", "gpu-count": 8 }],
      ["OS", "release", { ID: "ubuntu", VERSION_ID: "24.04" }],
    ]),
  ).toEqual({ criteria: { service: "eks", accelerator: "h100", os: "ubuntu" }, notes: [] });
});

test.each([
  [{ version: "v1.33.5-eks-1" }, "eks"],
  [{ version: "1.31.0-gke.1337000" }, "gke"],
  [{ version: "v1.30.0-aks" }, "aks"],
  [{ version: "v1.30.0" }, undefined],
  [{ service: " GKE " }, "gke"],
  [{ service: "vanilla" }, "any"],
  [{ service: "gke", version: "v1.33.5-eks-1" }, "eks"],
])("%j is the service %s", (data, service) => {
  expect(told([["K8s", "server", data]]).criteria.service).toBe(service);
});

test.each([
  [{ "gpu.model": "NVIDIA GB200 NVL72" }, "gb200"],
  [{ "gpu.model": "NVIDIA B200" }, "b200"],
  [{ "gpu.model": "nvidia a100-sxm4" }, "a100"],
  [{ model: "L40" }, "l40"],
  [{ "gpu.model": "H100", model: "A100" }, "h100"],
  [{ "gpu.model": "unknown", model: "A100" }, "a100"],
])("%j is the accelerator %s", (data, accelerator) => {
  expect(told([["GPU", "device", data]]).criteria.accelerator).toBe(accelerator);
});

test.each([
  ["NVIDIA L40S", "l40s", "l40"],
  ["NVIDIA H200 NVL", "h200", undefined],
  ["NVIDIA GH200 480GB", undefined, undefined],
  ["NVIDIA RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000", undefined],
])("%s is %s to a catalog that states it and %s to another", (model, stated, otherwise) => {
  const readings = [["GPU", "smi", { "gpu.model": model }]] as const;
  expect(told(readings, { accelerator: stated ?? "h200" }).criteria.accelerator).toBe(stated);
  expect(told(readings).criteria.accelerator).toBe(otherwise);
});

test("later systems and Oracle's provider are told to a catalog that states them", () => {
  expect(told([["OS", "release", { ID: "amzn" }]], { os: "amazonlinux" }).criteria).toEqual({ os: "amazonlinux" });
  expect(told([["OS", "release", { ID: "talos" }]], { os: "talos" }).criteria).toEqual({ os: "talos" });
  expect(told([["K8s", "node", { provider: "oke" }]], { service: "oke" }).criteria).toEqual({ service: "oke" });
  expect(told([["K8s", "node", { provider: "oke" }]]).criteria).toEqual({});
});

test("the last reading that is understood counts", () => {
  const first = ["GPU", "smi", { "gpu.model": "H100" }] as const;
  expect(told([first, ["GPU", "smi", { "gpu.model": "A100" }]]).criteria.accelerator).toBe("a100");
  expect(told([first, ["GPU", "smi", { "gpu.model": "Tesla T4" }]]).criteria.accelerator).toBe("h100");
});

test("a reading that is not understood is noted with its place", () => {
  expect(
    told([
      ["K8s", "server", { service: "nebula" }],
      ["GPU", "smi", { "gpu.model": "Tesla T4" }],
      ["OS", "release", { ID: "amzn" }],
    ]),
  ).toEqual({
    criteria: {},
    notes: [
      'K8s.server.service is "nebula", which is no known service',
      'GPU.smi.gpu.model is "Tesla T4", which is no known accelerator',
      'OS.release.ID is "amzn", which is no known os',
    ],
  });
});

test("a reading need not be text", () => {
  expect(told([["GPU", "device", { "gpu.model": 4090, model: true }]]).notes).toEqual([
    'GPU.device.gpu.model is "4090", which is no known accelerator',
  ]);
});

test("a note cannot carry what a terminal would obey", () => {
  expect(told([["OS", "release", { ID: "\u001b[2Jx" }]]).notes).toEqual([
    'OS.release.ID is "\\u001b[2Jx", which is no known os',
  ]);
});
