import { expect, test } from "vitest";
import { matchesGlob } from "./glob.ts";

test.each([
  ["OS.sysctl.*", "OS.sysctl./proc/sys/a.b", true],
  ["OS.sysctl.*", "OS.sysctl", false],
  ["*.vbios*", "GPU.smi.gpu.vbios-version", true],
  ["*", "", true],
  ["", "", true],
  ["", "a", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a*b*c", "a1b2b3c", true],
  ["a*b*c", "a1b2b3", false],
  ["GPU", "GPU", true],
  ["gpu", "GPU", false],
  ["a.c", "abc", false],
  ["a**", "a", true],
])("%j of %j: %j", (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches);
});

test("a hostile pattern takes no longer than its length allows", () => {
  expect(matchesGlob("*a".repeat(500), "a".repeat(2000))).toBe(true);
  expect(matchesGlob(`${"*a".repeat(500)}b`, "a".repeat(2000))).toBe(false);
});
