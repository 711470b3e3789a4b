import { expect, test } from "vitest";
import { remedyFor, type Remediation } from "./remediation.ts";

const REMEDIATIONS: readonly Remediation[] = [
  { match: "K8s.server.version", text: "Upgrade from {actual} to {expected}." },
  { match: "OS.sysctl./proc/sys/kernel/*", text: "Kernel: {name}." },
  { match: "GPU.*.driver*", text: "Driver." },
  { match: "GPU.*", text: "GPU." },
];

test.each([
  ["K8s.server.version", "Upgrade from v1.30 to >= 1.32."],
  ["OS.sysctl./proc/sys/kernel/osrelease", "Kernel: OS.sysctl./proc/sys/kernel/osrelease."],
  ["GPU.smi.driver", "Driver."],
  ["GPU.smi.driver-version", "Driver."],
  ["GPU.smi.gpu-count", "GPU."],
])("the first pattern that names %s counts", (name, text) => {
  expect(remedyFor({ name, expected: ">= 1.32", actual: "v1.30" }, REMEDIATIONS)).toBe(text);
});

test("what no pattern names gets what always holds", () => {
  expect(remedyFor({ name: "K8s.server.versio", expected: "1", actual: undefined }, REMEDIATIONS)).toBe(
    "Bring K8s.server.versio to what the recipe asks for (1) and take a new snapshot, or make a recipe for what the cluster " +
      "has: aicr recipe --snapshot.",
  );
});

test("what a snapshot says is no pattern and no placeholder", () => {
  const remediations = [{ match: "a.b.*", text: "{actual}|{expected}" }];
  expect(remedyFor({ name: "a.b.c", expected: "{actual}", actual: "{name}" }, remediations)).toBe("{name}|{actual}");
});

test("stars meet in any order and do not overlap", () => {
  const with_ = (match: string, name: string): boolean =>
    remedyFor({ name, expected: "", actual: "" }, [{ match, text: "yes" }]) === "yes";
  expect([with_("a*a", "a"), with_("a*a", "aa"), with_("*b*", "abc"), with_("a*b*c", "acb"), with_("*", "")]).toEqual([
    false,
    true,
    true,
    false,
    true,
  ]);
});
