import fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions, parseVersion, type Version } from "./version.ts";

test.each([
  ["1", { major: 1 }],
  ["v1.30", { major: 1, minor: 30 }],
  ["1.30.2", { major: 1, minor: 30, patch: 2 }],
  ["v1.33.5-eks-3025e55", { major: 1, minor: 33, patch: 5 }],
  ["1.30+build.5", { major: 1, minor: 30 }],
  ["6.8.0-1028-aws", { major: 6, minor: 8, patch: 0 }],
  ["24.04", { major: 24, minor: 4 }],
])("%s keeps the precision that was written", (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test.each([
  "",
  "v",
  "ubuntu",
  "1.2.3.4",
  "1..2",
  ".1",
  "1.",
  "1.x",
  "-1",
  " 1.30 ",
  "1.30 ",
  "V1",
  "1e3",
  "9".repeat(20),
])("%j is no version", (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

test("the exact order counts a missing part as 0", () => {
  expect(compareVersions({ major: 1, minor: 30 }, { major: 1, minor: 30, patch: 0 }, "exact")).toBe(0);
  expect(compareVersions({ major: 1, minor: 30 }, { major: 1, minor: 30, patch: 2 }, "exact")).toBe(-2);
});

test("the common order stops at the smaller precision", () => {
  expect(compareVersions({ major: 1, minor: 30, patch: 5 }, { major: 1, minor: 30 }, "common")).toBe(0);
  expect(compareVersions({ major: 1, minor: 31 }, { major: 1, minor: 30, patch: 2 }, "common")).toBe(1);
  expect(compareVersions({ major: 4 }, { major: 2, minor: 1 }, "common")).toBe(2);
});

const part = fc.nat({ max: 1000 });
const versions: fc.Arbitrary<Version> = fc.oneof(
  fc.record({ major: part }),
  fc.record({ major: part, minor: part }),
  fc.record({ major: part, minor: part, patch: part }),
);

test("what is written is read back, with or without a prefix and a suffix", () => {
  fc.assert(
    fc.property(versions, fc.constantFrom("", "v"), fc.constantFrom("", "-rc.1", "+x-y"), (version, prefix, suffix) => {
      expect(parseVersion(prefix + Object.values(version).join(".") + suffix)).toEqual(version);
    }),
  );
});

test("the exact order is a total order: antisymmetric and transitive", () => {
  const order = (left: Version, right: Version): number => Math.sign(compareVersions(left, right, "exact"));
  fc.assert(
    fc.property(versions, versions, versions, (first, second, third) => {
      expect(order(first, second) + order(second, first)).toBe(0);
      const [low, middle, high] = [first, second, third].toSorted(order);
      if (low === undefined || middle === undefined || high === undefined) throw new Error("three versions went in");
      expect([order(low, middle), order(middle, high), order(low, high)].every((sign) => sign <= 0)).toBe(true);
    }),
  );
});
