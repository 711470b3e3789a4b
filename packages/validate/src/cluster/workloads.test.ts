import type { KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { podProblems, workloadOf } from "./workloads.ts";

const deployment = (status: KubeObject["status"], generation = 2): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a", namespace: "n", generation },
  spec: { replicas: 2 },
  status: status ?? {},
});

test("how far a workload is; one whose controller lags behind is not ready", () => {
  expect(workloadOf(deployment({ availableReplicas: 2, observedGeneration: 2 })).isReady).toBe(true);
  expect(workloadOf(deployment({ availableReplicas: 2, observedGeneration: 1 }))).toMatchObject({
    isReady: false,
    text: "Deployment n/a: 2 of 2 ready, its controller has not seen the last change",
  });
  expect(workloadOf(deployment({})).text).toBe("Deployment n/a: 0 of 2 ready");
  expect(
    workloadOf({ apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "s" }, status: { readyReplicas: 1 } }),
  ).toMatchObject({
    text: "StatefulSet s: 1 of 1 ready",
    isReady: true,
  });
  expect(workloadOf({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "d" } })).toMatchObject({
    wanted: 0,
    isReady: true,
  });
});

test("what keeps a pod from running", () => {
  const pod = (status: KubeObject["status"]): KubeObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "n" },
    status: status ?? {},
  });
  expect(podProblems(pod({ phase: "Running" }))).toEqual([]);
  expect(
    podProblems(
      pod({
        phase: "Failed",
        reason: "Evicted",
        conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }],
        initContainerStatuses: [{ name: "i", state: { waiting: { reason: "CrashLoopBackOff" } } }],
        containerStatuses: [{ name: "c", state: { waiting: { reason: "PodInitializing" } } }],
      }),
    ),
  ).toEqual([
    "Pod n/p: container i: CrashLoopBackOff",
    "Pod n/p: not placed: 0/3 nodes are available",
    "Pod n/p: failed: Evicted",
  ]);
});
