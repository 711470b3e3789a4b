import type { KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { columns } from "./columns.ts";
import { describe, eventsText } from "./describe.ts";

const NOW = new Date("2026-01-02T03:04:05Z");

function event(name: string, message: string, lastTimestamp: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${lastTimestamp}` },
    involvedObject: { kind: "Pod", name },
    type: "Warning",
    reason: "Failed",
    message,
    lastTimestamp,
    count: 2,
  };
}

test("a pod", () => {
  const pod: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "llama-a",
      namespace: "nim",
      creationTimestamp: "2026-01-02T02:04:05Z",
      labels: { app: "llama" },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "llama-6d4", uid: "u" }],
    },
    spec: {
      nodeName: "gpu-1",
      imagePullSecrets: [{ name: "ngc-secret" }],
      volumes: [
        { name: "model", persistentVolumeClaim: { claimName: "cache-pvc" } },
        { name: "tmp", emptyDir: {} },
      ],
      containers: [
        {
          name: "ctr",
          image: "nvcr.io/nim/llama:1.0.0",
          args: ["serve", "--port", "8000"],
          ports: [{ containerPort: 8000 }],
          env: [
            { name: "A", value: "1" },
            { name: "KEY", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
          ],
          envFrom: [{ secretRef: { name: "all" } }],
          resources: { limits: { "nvidia.com/gpu": "1" } },
          volumeMounts: [{ name: "model", mountPath: "/model-store" }],
        },
      ],
    },
    status: {
      phase: "Running",
      conditions: [
        {
          type: "Ready",
          status: "False",
          reason: "NotReady",
          lastTransitionTime: "2026-01-02T02:05:00Z",
          message: "two\nlines\u001b[2J",
        },
      ],
      containerStatuses: [
        {
          name: "ctr",
          ready: false,
          restartCount: 2,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: { terminated: { exitCode: 1, reason: "Error" } },
        },
      ],
    },
  };
  const events = [
    event("llama-a", "second", "2026-01-02T03:03:05Z"),
    event("llama-a", "first", "2026-01-02T03:00:05Z"),
    event("other", "not mine", "2026-01-02T03:00:05Z"),
  ];
  expect(describe(pod, events, NOW)).toBe(`Kind:        Pod
Name:        llama-a
Namespace:   nim
Created:     2026-01-02T02:04:05Z (60m ago)
Owners:      ReplicaSet/llama-6d4
Labels:      app=llama
Node:           gpu-1
Status:         Running
Pull secrets:   ngc-secret
Volumes:        model=persistentVolumeClaim (claimName=cache-pvc), tmp=emptyDir
Containers:
  ctr:
    Image:              nvcr.io/nim/llama:1.0.0
    Args:               serve --port 8000
    State:              waiting (reason=CrashLoopBackOff)
    Last state:         terminated (exitCode=1, reason=Error)
    Ready:              false
    Restarts:           2
    Limits:             nvidia.com/gpu=1
    Ports:              8000
    Environment:        A=1, KEY <- secretKeyRef s/k
    Environment from:   secretRef all
    Mounts:             /model-store from model
Conditions:
  TYPE    STATUS   REASON     SINCE                  MESSAGE
  Ready   False    NotReady   2026-01-02T02:05:00Z   two lines\\u001b[2J
Events:
  LAST SEEN   TYPE      REASON   OBJECT        COUNT   MESSAGE
  4m          Warning   Failed   Pod/llama-a   2       first
  60s         Warning   Failed   Pod/llama-a   2       second
`);
});

test("objects of any shape", () => {
  const odd: KubeObject = { apiVersion: "v1", kind: "Pod", metadata: {}, spec: "text", status: ["a"] };
  expect(describe(odd, [], NOW)).toBe("Kind:   Pod\nEvents: none\n");
  expect(eventsText([{ apiVersion: "v1", kind: "Event", metadata: {} }], NOW)).toBe(
    "Events:\n  LAST SEEN   TYPE   REASON   OBJECT   COUNT   MESSAGE\n  <unknown>                   /        1       \n",
  );
});

test("columns", () => {
  expect(
    columns([
      ["A", "B"],
      ["long", "x\n y"],
      ["\t", ""],
    ]),
  ).toBe("A        B\nlong     x y\n\\u0009   \n");
});
