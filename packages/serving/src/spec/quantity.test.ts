import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalQuantity, isPositiveQuantity, nearestQuantity } from "./quantity.ts";

// What resource.Quantity of Kubernetes prints.
test.each([
  ["8000m", "8"],
  ["1500m", "1500m"],
  ["0.5", "500m"],
  ["1000", "1k"],
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  ["0.5Ki", "512"],
  ["1e3", "1k"],
  ["1E", "1E"],
  ["0", "0"],
  [".1n", "1n"],
  ["many", "many"],
])("%s is %s", (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
});

test.each(["1", "+1", "1.", ".5", "20Gi", "1e-3", "9Ei"])("%s is an amount", (text) => {
  expect(isPositiveQuantity(text)).toBe(true);
});

test.each(["", "0", "-1", "1 Gi", "20GB", "gi", "1e", "0x1", "1e999", "9".repeat(100)])("%j is none", (text) => {
  expect(isPositiveQuantity(text)).toBe(false);
});

test.each([
  ["50GB", "50Gi"],
  ["50 gb", "50Gi"],
  ["50gi", "50Gi"],
  ["-5", undefined],
  ["large", undefined],
])("%s may mean %s", (text, better) => {
  expect(nearestQuantity(text)).toBe(better);
});

test("writing an amount its own way twice changes nothing", () => {
  const units = fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi");
  fc.assert(
    fc.property(fc.nat(), fc.nat(999), units, (whole, fraction, unit) => {
      const once = canonicalQuantity(`${whole}.${fraction}${unit}`);
      expect(canonicalQuantity(once)).toBe(once);
    }),
  );
});
