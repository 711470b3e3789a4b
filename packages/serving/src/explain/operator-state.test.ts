import type { TreeMap } from "@slipway/base";
import { kubeObject, type KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { operatorStateOf } from "./operator-state.ts";

function pod(image: string, ready: string, labels: TreeMap = {}): KubeObject {
  const status = { phase: "Running", conditions: [{ type: "Ready", status: ready }] };
  const spec = { containers: [{ image: "proxy:1" }, { image }] };
  return kubeObject(
    { apiVersion: "v1", kind: "Pod", metadata: { name: "op", namespace: "nim-operator", labels }, spec, status },
    "a pod",
  );
}

test.each([
  ["example.com:5000/k8s-nim-operator:v3.1.2", {}, "v3.1.2"],
  ["example.com:5000/k8s-nim-operator", {}, undefined],
  ["nvcr.io/nvidia/k8s-nim-operator:v3.0.0@sha256:abc", {}, "v3.0.0"],
  ["nvcr.io/nvidia/k8s-nim-operator@sha256:abc", { "app.kubernetes.io/version": "3.1.2" }, "3.1.2"],
])("the version of %s", (image, labels, version) => {
  expect(operatorStateOf({ state: "found", value: [pod(image, "True", labels)] })).toEqual({
    state: "running",
    namespace: "nim-operator",
    version,
    text: "1 of 1 pod ready in namespace nim-operator",
  });
});

test("one that is not ready, none, and one that must not be seen", () => {
  const states = [
    operatorStateOf({ state: "found", value: [pod("a", "False"), pod("a", "False")] }),
    operatorStateOf({ state: "found", value: [] }),
    operatorStateOf({ state: "missing" }),
    operatorStateOf({ state: "unknown", why: "no rights" }),
  ];
  expect(states.map(({ state, text }) => `${state}: ${text}`)).toEqual([
    "not ready: 0 of 2 pods ready in namespace nim-operator; pod op: Running",
    "missing: no pod of it in any namespace",
    "missing: no pod of it in any namespace",
    "unknown: not to be seen: no rights",
  ]);
});
