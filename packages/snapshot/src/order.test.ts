import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNames, compareTypes } from "./order.ts";

test("keys are in the order of their signs, but numbers in them count", () => {
  const sorted = [
    "",
    "/proc",
    "0.a",
    "1.a",
    "2.a",
    "10.a",
    "GPU",
    "a",
    "a-b",
    "a.b",
    "a1b2",
    "a01b10",
    "a1b10",
    "a2",
    "b",
    "ä",
  ];
  expect(sorted.toReversed().sort(compareNames)).toEqual(sorted);
  expect(compareNames(`a${"9".repeat(40)}`, `a1${"0".repeat(40)}`)).toBeLessThan(0);
});

test("the order of keys is one", () => {
  const name = fc.string({ unit: fc.constantFrom("0", "1", "9", "a", ".", "ä"), maxLength: 6 });
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNames(a, b))).toBe(0 - Math.sign(compareNames(b, a)));
      expect(compareNames(a, b) === 0).toBe(a === b);
      const [first = "", second = "", third = ""] = [a, b, c].sort(compareNames);
      expect(
        [first, second, third].every((each) => compareNames(first, each) <= 0 && compareNames(each, third) <= 0),
      ).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("types are in the order of snapshots, those of others behind", () => {
  const sorted = ["K8s", "SystemD", "OS", "GPU", "NodeTopology", "Aa", "Zz"];
  expect(sorted.toReversed().sort(compareTypes)).toEqual(sorted);
});
