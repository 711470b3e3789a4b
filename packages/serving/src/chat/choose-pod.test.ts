import type { TreeMap } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import { kubeObject, type KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { choosePod } from "./choose-pod.ts";

function service(spec: TreeMap = {}, status: TreeMap = { state: "Ready" }): KubeObject {
  return kubeObject({ apiVersion: "a", kind: "NIMService", metadata: { name: "llama" }, spec, status }, "a service");
}

function pod(
  name: string,
  rest: { ready?: string; phase?: string; labels?: TreeMap; ports?: TreeMap[]; leaving?: boolean } = {},
): KubeObject {
  const { ready = "True", phase = "Running", labels = {}, ports = [], leaving = false } = rest;
  const metadata = { name, labels, ...(leaving ? { deletionTimestamp: "2026-01-02T03:04:05Z" } : {}) };
  const status = { phase, conditions: [{ type: "Ready", status: ready }] };
  return kubeObject({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [{ ports }] }, status }, "a pod");
}

const WORKER = "leaderworkerset.sigs.k8s.io/worker-index";

test.each([
  ["the first that is ready", service(), [pod("a", { ready: "False" }), pod("b"), pod("c")], "b:8000"],
  ["none that leaves", service(), [pod("a", { leaving: true }), pod("b")], "b:8000"],
  [
    "the leader of several nodes",
    service(),
    [pod("w", { labels: { [WORKER]: "1" } }), pod("l", { labels: { [WORKER]: "0" } })],
    "l:8000",
  ],
  [
    "the port named api",
    service({ expose: { service: { port: 80 } } }),
    [pod("a", { ports: [{ containerPort: 1 }, { name: "api", containerPort: 9000 }] })],
    "a:9000",
  ],
  [
    "the service's port",
    service({ expose: { service: { port: 8080 } } }),
    [pod("a", { ports: [{ containerPort: 1 }] })],
    "a:8080",
  ],
  ["any port", service(), [pod("a", { ports: [{ containerPort: 5000 }] })], "a:5000"],
  ["a port that is none", service({ expose: { service: { port: 99999 } } }), [pod("a")], "a:8000"],
])("%s", (_, object, pods, expected) => {
  const { pod: name, port } = choosePod(object, pods, false);
  expect(`${name}:${port}`).toBe(expected);
});

test("what is not ready is not taken, unless that is forced", () => {
  const unready = service(
    {},
    { state: "NotReady", conditions: [{ type: "Ready", status: "False", message: "0 of 1\n" }] },
  );
  const pods = [pod("a", { ready: "False" }), pod("b", { phase: "Pending" })];
  const message = (object: KubeObject, force: boolean): string =>
    errorOf(() => choosePod(object, pods.slice(1), force)).message;
  expect([
    message(unready, false),
    message(service({}, {}), false),
    message(service(), false),
    message(unready, true),
  ]).toEqual([
    "NIMService llama is not ready (NotReady): 0 of 1",
    "NIMService llama is not ready (no state)",
    "no pod of NIMService llama is ready (it has 1)",
    "no pod of NIMService llama is running (it has 1)",
  ]);
  expect(choosePod(unready, pods, true)).toEqual({ pod: "a", port: 8000 });
});
