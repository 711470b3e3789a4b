import { expect, test } from "vitest";
import { NIM_KINDS, nimKindOf } from "./resources.ts";

test.each(["nimservice", "nimservices", "NIMService", "nimservices.apps.nvidia.com"])("%s is a NIMService", (word) => {
  expect(nimKindOf(word)).toBe(NIM_KINDS.NIMService);
});

test.each(["nimcache", "NIMCaches", "nimcache.apps.nvidia.com"])("%s is a NIMCache", (word) => {
  expect(nimKindOf(word)).toBe(NIM_KINDS.NIMCache);
});

test.each(["", "nim", "nimservice.example.com", "nimservice.", "constructor", "pods"])("%j is neither", (word) => {
  expect(nimKindOf(word)).toBeUndefined();
});
