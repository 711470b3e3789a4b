import type { Tree } from "@slipway/base";
import { expect, test } from "vitest";
import { conditionsOf, currentCondition, decidingCondition, isFailure, type Condition } from "./condition.ts";

function condition(type: string, status = "True", more: Partial<Condition> = {}): Condition {
  return { type, status, reason: "", message: "", lastTransitionTime: "2026-11-21T05:00:00Z", ...more };
}

test.each<[what: string, conditions: readonly Condition[], deciding: string, current: string]>([
  ["none", [], "-", "-"],
  [
    "a service that is not ready: both carry the message",
    [condition("Ready", "False", { message: "0 of 1" }), condition("Failed", "False", { message: "0 of 1" })],
    "Failed/False",
    "Ready/False",
  ],
  [
    "a service that failed",
    [condition("Ready", "False"), condition("Failed", "True", { message: "no quota" })],
    "Failed/True",
    "Failed/True",
  ],
  ["a service that is ready", [condition("Failed", "False"), condition("Ready")], "Ready/True", "Ready/True"],
  ["a failure without a word", [condition("Failed"), condition("Ready", "False")], "Ready/False", "Failed/True"],
  [
    "a cache whose Job failed: the newest counts",
    [
      condition("NIM_CACHE_PVC_CREATED", "True", { message: "created" }),
      condition("NIM_CACHE_JOB_COMPLETED", "False", {
        message: "failed",
        reason: "JobFailed",
        lastTransitionTime: "2026-11-21T05:09:00Z",
      }),
    ],
    "NIM_CACHE_PVC_CREATED/True",
    "NIM_CACHE_JOB_COMPLETED/False",
  ],
  [
    "one with a message before one without",
    [condition("A"), condition("B", "Unknown", { message: "hm" })],
    "B/Unknown",
    "B/Unknown",
  ],
  [
    "no messages at all",
    [condition("A", "True"), condition("B", "True", { lastTransitionTime: "?" })],
    "A/True",
    "A/True",
  ],
])("of the conditions of an object: %s", (_, conditions, deciding, current) => {
  const text = (found: Condition | undefined): string => (found === undefined ? "-" : `${found.type}/${found.status}`);
  expect([text(decidingCondition(conditions)), text(currentCondition(conditions))]).toEqual([deciding, current]);
});

test.each<[object: Tree, types: readonly string[]]>([
  [null, []],
  [{ status: "Ready" }, []],
  [{ status: { conditions: { type: "Ready" } } }, []],
  [{ status: { conditions: [null, 1, "x", [], {}, { type: 3 }, { type: "Ready", message: 4 }] } }, ["Ready"]],
])("conditions of %j are read without harm", (object, types) => {
  expect(conditionsOf(object).map(({ type }) => type)).toEqual(types);
});

test.each([
  [condition("Failed", "True"), true],
  [condition("Failed", "False", { message: "0 of 1" }), false],
  [condition("NIM_CACHE_RECONCILE_FAILED", "False", { reason: "Reconciled" }), false],
  [condition("NIM_CACHE_JOB_COMPLETED", "False", { reason: "JobFailed" }), true],
  [condition("Ready", "False", { reason: "NIMCacheNotReady" }), false],
])("whether %j is a failure: %s", (found, expected) => {
  expect(isFailure(found)).toBe(expected);
});
