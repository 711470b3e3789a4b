import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkName, checkNamespace, isLabelKey, isLabelValue, labelValue } from "./names.ts";

test.each(["gpu", "a", "1", "gpu-operator", "a".repeat(63)])("%s may be a namespace", (name) => {
  expect(checkNamespace(name)).toBe(name);
});

test.each(["aicr.v1", "a.b-c.d", `${"a".repeat(63)}.${"b".repeat(189)}`])("%s may be a ConfigMap", (name) => {
  expect(checkName(name, "ConfigMap")).toBe(name);
});

const NAMESPACE_RULE =
  "expected lower-case letters, digits and -, at most 63 of them, with a letter or digit at both ends";

test.each([
  ["GPU_Operator", "\nDid you mean gpu-operator?"],
  ["gpu.", "\nDid you mean gpu?"],
  ["a".repeat(64), ""],
  ["../x", "\nDid you mean x?"],
  ["", ""],
])("%j may not", (name, hint) => {
  const told = `${JSON.stringify(name)} cannot be the name of a namespace: ${NAMESPACE_RULE}${hint}`;
  expect(errorOf(() => checkNamespace(name)).describe()).toBe(told);
});

test.each(["a/b", "a..b", ".a", "A", "a".repeat(254), "__proto__"])("%j may not be a ConfigMap", (name) => {
  expect(errorOf(() => checkName(name, "ConfigMap")).code).toBe("INVALID_INPUT");
});

test("keys of labels", () => {
  const keys = ["app", "app.kubernetes.io/name", "a/b/c", "-a", "A.b/c", "a/", "/a", ""];
  expect(keys.filter(isLabelKey)).toEqual(["app", "app.kubernetes.io/name"]);
});

test("any text becomes the value of a label, and one that is one stays", () => {
  fc.assert(fc.property(fc.string({ maxLength: 90 }), (text) => isLabelValue(labelValue(text))));
  expect(["1.2.3", "v1.2.3-rc.1+build", "_x_", "ä"].map(labelValue)).toEqual(["1.2.3", "v1.2.3-rc.1_build", "x", ""]);
});
