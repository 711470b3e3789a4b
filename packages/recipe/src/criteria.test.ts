import { cursorOf, parseYaml } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CRITERIA_VALUES,
  criteriaText,
  decodeCriteriaDocument,
  knownCriteriaValues,
  overrideCriteria,
  readCriteria,
} from "./criteria.ts";
import { CRITERIA_FIELDS } from "./model.ts";
import { fakeData } from "./testing/fake-layer.ts";

const plain = await fakeData({});
const custom = await fakeData({
  "overlays/a.yaml": "metadata: {name: a}\nspec: {criteria: {service: self-managed, accelerator: MI300x, os: any}}",
});

const document = (text: string) => decodeCriteriaDocument(cursorOf(parseYaml(text)), plain);

test("values are trimmed, read without case, and aliases are spelt out", () => {
  const raw = { service: " EKS ", accelerator: "H100", intent: "Training", os: "al2023", platform: "", nodes: 8 };
  expect(readCriteria(raw, plain)).toEqual({
    service: "eks",
    accelerator: "h100",
    intent: "training",
    os: "amazonlinux",
    nodes: 8,
  });
});

test("any, an empty text and nodes below 1 leave a field open", () => {
  expect(readCriteria({ service: "Any", os: " ", nodes: 0 }, plain)).toEqual({});
  expect(readCriteria({ nodes: -3 }, plain)).toEqual({});
});

test("self-managed and its aliases are a value only where the catalog has an overlay for it", () => {
  for (const service of ["self-managed", "self", "Vanilla"]) {
    expect(readCriteria({ service }, plain)).toEqual({});
    expect(readCriteria({ service }, custom)).toEqual({ service: "self-managed" });
  }
});

test("a catalog adds the values that its overlays state, as they are written", () => {
  expect(readCriteria({ accelerator: "mi300X" }, custom)).toEqual({ accelerator: "MI300x" });
  expect(knownCriteriaValues(plain).accelerator).toEqual(CRITERIA_VALUES.accelerator.values);
  expect(knownCriteriaValues(custom).accelerator).toEqual(["MI300x", ...CRITERIA_VALUES.accelerator.values]);
  expect(knownCriteriaValues(custom).os).toEqual(CRITERIA_VALUES.os.values);
});

test("an unknown value is refused with the legal ones and the nearest", () => {
  const error = errorOf(() => readCriteria({ accelerator: "h1000" }, plain));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    `accelerator: "h1000" is no accelerator; expected a100, b200, gb200, h100, h200, l40, l40s, rtx-pro-6000 or any\nDid you mean "h100"?`,
  ]);
  expect(errorOf(() => readCriteria({ accelerator: "mi300x" }, plain)).hint).toBeUndefined();
});

test.each(["constructor", "__proto__", "toString"])("%s is no value", (value) => {
  for (const field of CRITERIA_FIELDS) {
    expect(errorOf(() => readCriteria({ [field]: value }, plain)).message).toContain(`"${value}" is no ${field};`);
  }
});

test("nodes must be a whole number", () => {
  expect(errorOf(() => readCriteria({ nodes: 1.5 }, plain)).describe()).toBe(
    "nodes: expected a whole number, found 1.5",
  );
});

test("what lies over wins; an empty text does not count, and any takes a value back", () => {
  const under = { service: "eks", os: "ubuntu", intent: "training", nodes: 4 };
  const over = { service: "any", os: "", intent: "inference", nodes: 0 };
  expect(overrideCriteria(under, over)).toEqual({ service: "any", os: "ubuntu", intent: "inference", nodes: 4 });
  expect(readCriteria(overrideCriteria(under, over), plain)).toEqual({ os: "ubuntu", intent: "inference", nodes: 4 });
});

test("overriding is associative, and nothing over criteria leaves them", () => {
  const text = (value: string) => fc.option(fc.constantFrom(value, "any", "", " "), { nil: undefined });
  const nodes = fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined });
  const raw = fc.record({ service: text("eks"), os: text("cos"), nodes });
  fc.assert(
    fc.property(raw, raw, raw, (a, b, c) => {
      const left = overrideCriteria(overrideCriteria(a, b), c);
      expect(readCriteria(left, plain)).toEqual(readCriteria(overrideCriteria(a, overrideCriteria(b, c)), plain));
      expect(readCriteria(overrideCriteria(a, {}), plain)).toEqual(readCriteria(a, plain));
    }),
  );
});

test("a criteria document may leave out its header, and unknown fields do not count", () => {
  expect(
    document("kind: RecipeCriteria\napiVersion: aicr.nvidia.com/v1alpha1\nspec: {service: GKE, nodes: 16}"),
  ).toEqual({
    service: "gke",
    nodes: 16,
  });
  expect(document("spec: {os: cos, region: eu}")).toEqual({ os: "cos" });
  expect(document("service: eks")).toEqual({});
  expect(document("")).toEqual({});
});

test.each([
  ["kind: Recipe", `kind: expected RecipeCriteria, found "Recipe"`],
  ["apiVersion: v2", `apiVersion: expected aicr.nvidia.com/v1alpha1, found "v2"`],
  ["spec: eks", "spec: expected a map, found text"],
  ["spec: {nodes: -1}", "spec.nodes: expected 0 (any) or a number of nodes, found -1"],
  ["spec: {nodes: many}", "spec.nodes: expected a whole number, found text"],
  ["spec: {intent: train}", `spec.intent: "train" is no intent; expected inference, training or any`],
])("the document %j is refused: %s", (text, expected) => {
  const error = errorOf(() => document(text));
  expect([error.code, error.describe().split("\n")[0]]).toEqual(["INVALID_INPUT", expected]);
});

test("criteria as text list what is set", () => {
  expect(criteriaText({ os: "ubuntu", service: "eks", nodes: 8 })).toBe("service=eks, os=ubuntu, nodes=8");
  expect(criteriaText({})).toBe("");
});
