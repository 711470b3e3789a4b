import { expect, test } from "vitest";
import { didYouMean, nearest } from "./index.ts";

test.each([
  ["trainig", ["training", "inference"], "training"],
  ["H100", ["h100", "h200"], "h100"],
  ["gpu-operater", ["gpu-operator", "network-operator"], "gpu-operator"],
  ["zebra", ["training", "inference"], undefined],
  ["", ["a"], "a"],
  ["x", [], undefined],
])("%j among %j is %j", (wanted, known, found) => {
  expect(nearest(wanted, known)).toBe(found);
});

test("the sentence is there only when a name is", () => {
  expect(didYouMean("servce", ["service"])).toBe('Did you mean "service"?');
  expect(didYouMean("qqqqqq", ["service"])).toBeUndefined();
});
