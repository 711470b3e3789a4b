import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateConstraint, type ConstraintOutcome } from "./constraint.ts";

function evaluate(value: string, actual: string | undefined, name = "K8s.server.version"): ConstraintOutcome {
  return evaluateConstraint({ name, value }, (wanted) => (wanted === name ? actual : undefined));
}

test.each([
  [">= 1.30", "v1.33.5-eks-3025e55"],
  [">=1.30.2", "v1.30"],
  ["< 1.31", "v1.30"],
  ["<= 1.30", "1.30.5"],
  [">= 6.8", "6.8.0-1028-aws"],
  ["  >= 1.30  ", "1.31"],
  ["> 1", "2"],
  ["== 1.30.0", "1.30+build.5"],
  ["==1.30.0", "v1.30"],
  ["!= 1.30", "v1.30.2-eks-abc"],
  ["!= 1.30", ""],
  ["!= ubuntu", "24.04"],
  ["== ubuntu", "ubuntu"],
  ["ubuntu", "ubuntu"],
  ["24.04", "24.04"],
  ["~1.30", "~1.30"],
  ["=> 1.30", "=> 1.30"],
])("%j holds for %j", (value, actual) => {
  expect(evaluate(value, actual).passed).toBe(true);
});

test.each([
  ["> 1.30", "1.30.5"],
  ["< 1.31", "6.8.0-1028-aws"],
  ["== 1.30", "1.30.2"],
  ["== 30", "30.0"],
  ["== 24.04", "ubuntu"],
  ["!= ubuntu", "ubuntu"],
  ["v1.30.0", "1.30.0"],
  ["ubuntu", "Ubuntu"],
  ["~1.30", "1.30"],
  ["4", " 4"],
])("%j does not hold for %j", (value, actual) => {
  expect(evaluate(value, actual)).toEqual({
    passed: false,
    expected: value,
    actual,
    reason: `expected ${value}, got ${actual}`,
  });
});

test("an empty measured value is compared but not repeated as the actual one", () => {
  expect(evaluate("== 24.04", "")).toEqual({ passed: false, expected: "== 24.04", reason: "expected == 24.04, got " });
});

test("what was not measured has not passed", () => {
  expect(evaluate(">= 1.30", undefined)).toEqual({
    passed: false,
    expected: ">= 1.30",
    reason: "[NOT_FOUND] the snapshot has no K8s.server.version",
  });
});

test.each([
  [">= 1.30", "ubuntu", '[INTERNAL] the measured value "ubuntu" is not a version'],
  ["> 1.2.3.4", "1.30", '[INTERNAL] the expected value "1.2.3.4" is not a version'],
  ["> = 1.30", "1.30", '[INTERNAL] the expected value "= 1.30" is not a version'],
  [">=", "1.30", "[INVALID_REQUEST] the constraint has no value to compare with"],
  ["==  ", "1.30", "[INVALID_REQUEST] the constraint has no value to compare with"],
  ["", "1.30", "[INVALID_REQUEST] the constraint has no value to compare with"],
])("%j over %j cannot be evaluated", (value, actual, reason) => {
  expect(evaluate(value, actual)).toEqual({ passed: false, expected: value, actual, reason });
});

test.each(["K8s", "K8s.server", "K8s.server.", ".server.version", ""])("%j names no measurement", (name) => {
  expect(evaluate(">= 1", "2", name).reason).toBe(`[INVALID_REQUEST] "${name}" is not of the form Type.subtype.key`);
});

test("of >= and <, and of > and <=, exactly one holds for any two versions", () => {
  const version = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
  fc.assert(
    fc.property(version, version, (wanted, actual) => {
      expect(evaluate(`>= ${wanted}`, actual).passed).not.toBe(evaluate(`< ${wanted}`, actual).passed);
      expect(evaluate(`> ${wanted}`, actual).passed).not.toBe(evaluate(`<= ${wanted}`, actual).passed);
      expect(evaluate(`== ${wanted}`, actual).passed).not.toBe(evaluate(`!= ${wanted}`, actual).passed);
    }),
  );
});
