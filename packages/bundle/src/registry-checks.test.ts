import { errorOf } from "@slipway/base/testing";
import type { RegistryCheck, RegistryComponent } from "@slipway/recipe";
import { fakeRegistryComponent } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { registryWarnings } from "./registry-checks.ts";

function withCheck(name: string, check: Partial<RegistryCheck>): RegistryComponent {
  const basis = { function: "CheckWorkloadSelectorMissing", severity: "warning", conditions: {}, message: "" };
  return { ...fakeRegistryComponent(name), checks: [{ ...basis, ...check }] };
}

const WORKLOAD = withCheck("a", { conditions: { intent: ["training"] }, message: "Jobs may be evicted." });
const ACCELERATED = withCheck("b", { function: "CheckAcceleratedSelectorMissing" });
const UNKNOWN = withCheck("c", { function: "CheckTheMoon", severity: "error" });
const REGISTRY = [WORKLOAD, ACCELERATED, UNKNOWN];

test("a check reports when its flag is missing and the criteria match; unknown checks do not count", () => {
  expect(registryWarnings(REGISTRY, ["c", "b", "a"], { intent: "training" }, {})).toEqual([
    "a: --workload-selector is not given. Jobs may be evicted.",
    "b: --accelerated-node-selector is not given",
  ]);
});

test("criteria that are open match, others must be listed, and a recipe without criteria matches nothing", () => {
  const checked = (criteria: Parameters<typeof registryWarnings>[2]): number =>
    registryWarnings([WORKLOAD], ["a"], criteria, {}).length;
  expect([checked({}), checked({ intent: "training" }), checked({ intent: "inference" }), checked(undefined)]).toEqual([
    1, 1, 0, 0,
  ]);
});

test("a check is quiet when the flag is given, or the component is not in the bundle", () => {
  expect(registryWarnings([WORKLOAD], ["a"], {}, { workloadSelector: { job: "x" } })).toEqual([]);
  expect(registryWarnings([ACCELERATED], ["b"], {}, { acceleratedNodeSelector: { gpu: "x" } })).toEqual([]);
  expect(registryWarnings([WORKLOAD], ["b"], {}, {})).toEqual([]);
});

test("severity error refuses the bundle", () => {
  const strict = withCheck("a", { severity: "error", message: "Please set it." });
  const error = errorOf(() => registryWarnings([strict], ["a"], {}, {}));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    "a: --workload-selector is not given. Please set it.\nGive --workload-selector key=value.",
  ]);
});
