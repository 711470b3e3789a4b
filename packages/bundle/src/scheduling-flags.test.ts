import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { parseGate, parseNodeSelector, parseToleration, taintText } from "./scheduling-flags.ts";

test("labels are split at the first =, entries at commas, and a later key wins", () => {
  expect(parseNodeSelector(["a=1", "b=x=y", "c=", "d=true, e=2", "a=3"], "--workload-selector")).toEqual({
    a: "3",
    b: "x=y",
    c: "",
    d: "true",
    e: "2",
  });
});

test.each([
  ["", '--workload-selector: expected key=value, found ""'],
  ["a", '--workload-selector: expected key=value, found "a"'],
  ["=x", '--workload-selector: expected key=value, found "=x"'],
  ["a=1,,b=2", '--workload-selector: expected key=value, found ""'],
  ["__proto__=x", '--workload-selector: the key "__proto__" is not allowed'],
])("the label %j is refused", (entry, message) => {
  expect(errorOf(() => parseNodeSelector([entry], "--workload-selector")).describe()).toBe(message);
});

test("a toleration is Equal with a value and Exists without one", () => {
  const entries = ["dedicated=system:NoSchedule", "gpu:PreferNoSchedule,k=:NoExecute", ":NoExecute"];
  expect(parseToleration(entries, "--system-node-toleration")).toEqual([
    { key: "dedicated", operator: "Equal", value: "system", effect: "NoSchedule" },
    { key: "gpu", operator: "Exists", value: "", effect: "PreferNoSchedule" },
    { key: "k", operator: "Exists", value: "", effect: "NoExecute" },
    { key: "", operator: "Exists", value: "", effect: "NoExecute" },
  ]);
});

test.each([
  ["a=b", '--t: expected key=value:effect or key:effect, found "a=b"'],
  ["a:b:NoSchedule", '--t: expected key=value:effect or key:effect, found "a:b:NoSchedule"'],
  [
    "a:NoShedule",
    '--t: "NoShedule" is no effect of a taint; expected NoSchedule, PreferNoSchedule, NoExecute\nDid you mean "NoSchedule"?',
  ],
])("the toleration %j is refused", (entry, message) => {
  expect(errorOf(() => parseToleration([entry], "--t")).describe()).toBe(message);
});

test("a gate is a taint with a key, and reads back as it was written", () => {
  expect(taintText(parseGate(" skyhook.io/gate=on:NoSchedule", "--workload-gate"))).toBe(
    "skyhook.io/gate=on:NoSchedule",
  );
  expect(taintText(parseGate("gate:NoExecute", "--workload-gate"))).toBe("gate:NoExecute");
  expect(errorOf(() => parseGate(":NoExecute", "--workload-gate")).describe()).toBe(
    '--workload-gate: ":NoExecute" has no key',
  );
});
