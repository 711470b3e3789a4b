import { expect, test } from "vitest";
import type { KubeObject } from "@slipway/kube";
import { containersOf } from "./containers.ts";

function pod(spec: KubeObject["spec"], status: KubeObject["status"]): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "nim", uid: "u" }, spec, status };
}

/** `phase restarts isOver reason` of the only container. */
function shown(status: KubeObject["status"], specs = "containers"): string {
  const [found] = containersOf(pod({ [specs]: [{ name: "c" }] }, status));
  return `${found?.phase} ${found?.restarts} ${found?.isOver} ${found?.reason}`.trim();
}

test("in the order in which they start", () => {
  const spec = {
    containers: [{ name: "b" }, { name: "c" }, "no container", { image: "without a name" }],
    initContainers: [{ name: "a" }],
    ephemeralContainers: [{ name: "d" }],
  };
  expect(containersOf(pod(spec, {})).map(({ container }) => container)).toEqual(["a", "b", "c", "d"]);
});

test.each([
  [{ state: { running: {} }, restartCount: 2 }, "running 2 false"],
  [{ state: { terminated: { exitCode: 1 } } }, "ended 0 false"],
  [{ state: { waiting: { reason: "ContainerCreating" } } }, "waiting 0 false ContainerCreating"],
  // Between a crash and the next start.
  [
    { state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: {} } },
    "ended 0 false CrashLoopBackOff",
  ],
  [{ state: { waiting: { reason: "CrashLoopBackOff" } }, restartCount: 3 }, "ended 3 false CrashLoopBackOff"],
  [{ state: "of no known shape" }, "waiting 0 false"],
])("%j", (status, expected) => {
  expect(shown({ phase: "Running", containerStatuses: [{ name: "c", ...status }] })).toBe(expected);
});

test("whether more can come", () => {
  const done = { name: "c", state: { terminated: { exitCode: 0 } } };
  expect(shown({ phase: "Pending", initContainerStatuses: [done] }, "initContainers")).toBe("ended 0 true");
  expect(shown({ phase: "Succeeded", containerStatuses: [done] })).toBe("ended 0 true");
  expect(shown({ phase: "Running", containerStatuses: [done] })).toBe("ended 0 false");
});

test("a pod that nobody reports on has its phase", () => {
  expect(["Pending", "Running", "Failed", 7].map((phase) => shown({ phase }))).toEqual([
    "waiting 0 false",
    "running 0 false",
    "ended 0 true",
    "waiting 0 false",
  ]);
  expect(shown("of no known shape")).toBe("waiting 0 false");
});
