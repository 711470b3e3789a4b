import { expect, test } from "vitest";
import { nodesStep, numberStep, versionStep } from "./meaning.ts";

test.each([
  ["570.158.01", "580.1", "upgrade"],
  ["580.65.06", "570.158.01", "downgrade"],
  ["v1.32.9-eks-113cf36", "v1.33.5-eks-3025e55", "upgrade"],
  ["6.8.0-1021-aws", "6.8.0-1022-aws", "upgrade"],
  ["6.8.0-1021-aws", "6.8.0-1021-gcp", undefined],
  ["1.9", "1.10", "upgrade"],
  ["1.2", "1.2.1", "upgrade"],
  ["1.2.1", "1.2", "downgrade"],
  ["1.2", "1.2-rc1", undefined],
  ["96.00.89.00.01", "96.00.A5.00.01", undefined],
  ["1.02", "1.2", undefined],
  ["latest", "1.0", undefined],
  ["12.8.0-base-ubuntu24.04", "12.8.1-base-ubuntu24.04", "upgrade"],
  ["1", "2", "upgrade"],
  [`1.${"9".repeat(300)}`, "2", undefined],
])("from %s to %s is %s", (from, to, step) => {
  expect(versionStep(from, to)).toBe(step);
});

test.each([
  [8, 7, "1 fewer"],
  [0, 2, "2 more"],
  [0.5, 0.75, undefined],
  ["8", 7, undefined],
])("from %j to %j is %s", (from, to, step) => {
  expect(numberStep(from, to)).toBe(step);
});

test.each([
  ["a|n1,n2", "a|n2,n3", "also on n3; no longer on n1"],
  ["NoSchedule|a|n1", "NoSchedule|a|n1,n2", "also on n2"],
  ["a|n1", "b|n1", undefined],
  ["a|n1,n2 (+3 more)", "a|n1", undefined],
  ["n1", "n2", undefined],
  [1, 2, undefined],
])("from %j to %j: %s", (from, to, step) => {
  expect(nodesStep(from, to)).toBe(step);
});
