import type { TreeMap } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import type { RegistryComponent } from "@slipway/recipe";
import { fakeRegistryComponent } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { applyScheduling } from "./scheduling.ts";

const OPERATOR: RegistryComponent = {
  ...fakeRegistryComponent("gpu-operator"),
  system: {
    nodeSelectorPaths: ["both", "system.selector"],
    tolerationPaths: ["system.tolerations"],
    taintStrPaths: ["no"],
  },
  accelerated: { nodeSelectorPaths: ["both"], tolerationPaths: ["gpu.tolerations"], taintStrPaths: ["gate"] },
  workloadSelectorPaths: ["workload"],
  nodeCountPaths: ["count"],
};

test("without flags every toleration path tolerates everything, over what was there, and nothing else is written", () => {
  const values = { gpu: { tolerations: [{ key: "x" }], kept: 1 }, system: "text" };
  expect(applyScheduling(values, OPERATOR, {})).toEqual({
    gpu: { tolerations: [{ operator: "Exists" }], kept: 1 },
    system: { tolerations: [{ operator: "Exists" }] },
  });
});

test("every flag goes to its paths, and accelerated nodes win where both have one", () => {
  const scheduling = {
    systemNodeSelector: { pool: "system" },
    systemTolerations: [{ key: "a", operator: "Equal" as const, value: "b", effect: "NoSchedule" }],
    acceleratedNodeSelector: { pool: "gpu" },
    acceleratedTolerations: [{ key: "", operator: "Exists" as const, value: "", effect: "NoExecute" }],
    workloadSelector: { job: "train" },
    workloadGate: { key: "gate", value: "on", effect: "NoSchedule" as const },
    nodes: 16,
  };
  expect(applyScheduling({ both: { old: "x" } }, OPERATOR, scheduling)).toEqual({
    both: { pool: "gpu" },
    system: {
      selector: { pool: "system" },
      tolerations: [{ key: "a", operator: "Equal", value: "b", effect: "NoSchedule" }],
    },
    gpu: { tolerations: [{ operator: "Exists", effect: "NoExecute" }] },
    gate: "gate=on:NoSchedule",
    workload: { job: "train" },
    count: 16,
  });
});

test("empty selectors and no nodes count as not given", () => {
  const scheduling = { systemNodeSelector: {}, workloadSelector: {}, nodes: 0 };
  expect(Object.keys(applyScheduling({}, OPERATOR, scheduling))).toEqual(["system", "gpu"]);
});

test("the values that were given stay as they are", () => {
  const values: TreeMap = { gpu: { tolerations: [] } };
  applyScheduling(values, OPERATOR, { nodes: 1 });
  expect(values).toEqual({ gpu: { tolerations: [] } });
});

test("a path of the registry cannot reach a prototype", () => {
  const hostile = { ...OPERATOR, nodeCountPaths: ["a.__proto__.b"] };
  expect(errorOf(() => applyScheduling({}, hostile, { nodes: 1 })).describe()).toBe(
    'gpu-operator: a.__proto__.b: the key "__proto__" is not allowed in a path of the registry',
  );
});
