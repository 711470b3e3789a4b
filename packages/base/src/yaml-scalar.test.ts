import fc from "fast-check";
import { expect, test } from "vitest";
import { anyTree } from "./testing/index.ts";
import { isTreeList, isTreeMap, type Tree } from "./index.ts";
import { dumpScalar, writeScalar } from "./yaml-scalar.ts";

test.each<[Tree, string]>([
  ["gpu-operator", "gpu-operator"],
  ["https://charts.example.com:8443/stable?a=b", "https://charts.example.com:8443/stable?a=b"],
  ["NVIDIA H100 (80 GB)", "NVIDIA H100 (80 GB)"],
  ["82.8.0", "82.8.0"],
  ["25.12", '"25.12"'],
  ["12:30", '"12:30"'],
  ["Yes", '"Yes"'],
  [">= 1.30", "'>= 1.30'"],
  ["it's: here", "'it''s: here'"],
  ["a #b", "'a #b'"],
  ["*x", "'*x'"],
  [" x", "' x'"],
  ["", '""'],
  ["tab\there", '"tab\\there"'],
  ["two\nlines\n", "|\n  two\n  lines"],
  [true, "true"],
  [-5, "-5"],
  [0.5, "0.5"],
  [null, "null"],
  [[], "[]"],
  [{}, "{}"],
])("%j is written %j", (value, text) => {
  expect(writeScalar(value)).toBe(text);
});

test("the short ways write what js-yaml writes", () => {
  const printable = fc.string({
    unit: fc.constantFrom(...Array.from("ab1 0.:-#'\"*&!|>%@`{}[],?=/_yneso~\\+")),
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        printable,
        fc.string(),
        anyTree.filter((tree) => !isTreeMap(tree) && !isTreeList(tree)),
      ),
      (value) => {
        expect(writeScalar(value)).toBe(dumpScalar(value));
      },
    ),
    { numRuns: 3000 },
  );
});
