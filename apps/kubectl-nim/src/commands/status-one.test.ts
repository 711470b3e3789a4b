import type { TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { CACHE, condition, nimObject } from "../testing/nim-objects.ts";
import { inNimCluster, type NimWorkplace } from "../testing/nim.ts";

function pod(name: string, labels: TreeMap, spec: TreeMap, status: TreeMap): TreeMap {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "nim", labels }, spec, status };
}

function event(name: string, about: TreeMap, more: TreeMap): TreeMap {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: "nim" },
    involvedObject: about,
    type: "Warning",
    count: 1,
    ...more,
  };
}

const WAITING = 'Waiting for deployment "llm" rollout to finish: 0 of 1 updated replicas are available...\n';

/** A service that does not come up, with all that is around it. */
function troubled({ cluster }: NimWorkplace): void {
  cluster.fault({ when: ({ path }) => path.includes("/proxy/"), reason: "Forbidden" });
  cluster.put(
    nimObject(
      "NIMService",
      "llm",
      { storage: { pvc: { create: true, size: "20Gi" } } },
      {
        state: "NotReady",
        conditions: [condition("Ready", "False", "NotReady", WAITING), condition("Failed", "False", "Ready", WAITING)],
      },
    ),
  );
  cluster.put({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "llm-pvc", namespace: "nim" },
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "nfs" },
    status: { phase: "Bound", capacity: { storage: "20Gi" } },
  });
  cluster.put(
    pod(
      "llm-7d9-a",
      { "app.kubernetes.io/instance": "llm", "app.kubernetes.io/managed-by": "k8s-nim-operator" },
      {
        nodeName: "gpu-1",
        containers: [{ name: "llm-ctr", image: "x" }],
        volumes: [{ name: "model-store", persistentVolumeClaim: { claimName: "llm-pvc" } }],
      },
      {
        phase: "Running",
        initContainerStatuses: [
          { name: "setup", ready: true, restartCount: 0, state: { terminated: { exitCode: 0, reason: "Completed" } } },
        ],
        containerStatuses: [
          {
            name: "llm-ctr",
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting" } },
            lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } },
          },
        ],
      },
    ),
  );
  cluster.put(
    event(
      "e2",
      { kind: "Pod", name: "llm-7d9-a" },
      { reason: "BackOff", count: 12, lastTimestamp: "2026-01-02T03:03:05Z", message: "Back-off restarting\u001b[31m" },
    ),
  );
  cluster.put(
    event(
      "e1",
      { kind: "NIMService", name: "llm" },
      { type: "Normal", reason: "NotReady", lastTimestamp: "2026-01-02T02:03:05Z", message: "waits" },
    ),
  );
  cluster.put(event("e0", { kind: "Pod", name: "stranger" }, { reason: "BackOff", message: "not ours" }));
}

const ROW =
  "NAME   NAMESPACE   STATE      AVAILABLE REPLICAS   TYPE/STATUS    LAST TRANSITION TIME            MESSAGE                                                                                       AGE\n" +
  `llm    nim         NotReady   0                    Failed/False   2026-01-02 03:00:00 +0000 UTC   ${WAITING.trim()}...   2y2d\n`;

test("one service: the row of the original, then what is around it", async () => {
  await inNimCluster(
    async (place) => {
      troubled(place);
      expect(await place.both("status nimservice llm")).toEqual({
        exit: 0,
        err: "",
        out: `${ROW}
Now: Ready is False, NotReady: ${WAITING.trim()}

Endpoint:
  In the cluster:   <none>
  From outside:     <none>

Conditions:
  TYPE     STATUS   REASON     SINCE   MESSAGE
  Ready    False    NotReady   4m5s    ${WAITING.trim()}...
  Failed   False    Ready      4m5s    ${WAITING.trim()}...

Storage:
  PVC       PHASE   CAPACITY   CLASS   MODES           USED
  llm-pvc   Bound   20Gi       nfs     ReadWriteOnce   unknown

Pods:
  NAME        PHASE     READY   RESTARTS   REASON                                   NODE    AGE
  llm-7d9-a   Running   0/1     4          CrashLoopBackOff, OOMKilled (exit 137)   gpu-1   2y2d

Containers:
  POD         CONTAINER   STATE              LAST ENDED             RESTARTS   MESSAGE
  llm-7d9-a   llm-ctr     CrashLoopBackOff   OOMKilled (exit 137)   4          back-off 5m0s restarting

Events:
  LAST SEEN   COUNT   TYPE      REASON     OBJECT           MESSAGE
  61m         1       Normal    NotReady   nimservice/llm   waits
  60s         12      Warning   BackOff    pod/llm-7d9-a    Back-off restarting\\x1b[31m
`,
      });
    },
    { unsettled: ["Pod", "PersistentVolumeClaim"] },
  );
});

test("what may not be read is said, and the rest is shown", async () => {
  await inNimCluster(
    async (place) => {
      troubled(place);
      place.cluster.allow(({ resource }) => resource.startsWith("nim") || resource === "pods");
      const { exit, out, err } = await place.both("status nimservice/llm");
      expect([exit, err]).toEqual([
        0,
        "warning: Deployments may not be listed: how many replicas are available is only known where the status says it\n",
      ]);
      const refused = (what: string, verb: string): string =>
        `not allowed: ${what} is forbidden: User "system:anonymous" cannot ${verb} resource "${what.split(" ")[0] ?? ""}" in API group "" in the namespace "nim"`;
      expect(out.split("\n").filter((line) => line.includes("not allowed"))).toEqual([
        `Storage: ${refused('persistentvolumeclaims "llm-pvc"', "get")}`,
        `Events: ${refused("events", "list")}`,
      ]);
    },
    { unsettled: ["Pod"] },
  );
});

test("a document joins everything", async () => {
  await inNimCluster(
    async (place) => {
      troubled(place);
      const { exit, out } = await place.both("status nimservice llm -o yaml");
      expect([exit, out]).toEqual([0, DOCUMENT]);
      expect((await place.both("status nimservice llm -o jsonpath='{.pods[0].reason}{.condition.type}'")).out).toBe(
        "CrashLoopBackOff, OOMKilled (exit 137)Ready",
      );
      expect((await place.both("status nimservice -o jsonpath='{.items[*].kind}'")).out).toBe("NIMStatus");
      expect((await place.both("status nimservice llm -o name")).out).toBe("nimservice.apps.nvidia.com/llm\n");
    },
    { unsettled: ["Pod", "PersistentVolumeClaim"] },
  );
});

const DOCUMENT = `claim:
  accessModes:
  - ReadWriteOnce
  capacity: 20Gi
  name: llm-pvc
  phase: Bound
  storageClass: nfs
  use: null
condition:
  lastTransitionTime: "2026-01-02T03:00:00Z"
  message: |
    Waiting for deployment "llm" rollout to finish: 0 of 1 updated replicas are available...
  reason: NotReady
  status: "False"
  type: Ready
conditions:
- lastTransitionTime: "2026-01-02T03:00:00Z"
  message: |
    Waiting for deployment "llm" rollout to finish: 0 of 1 updated replicas are available...
  reason: NotReady
  status: "False"
  type: Ready
- lastTransitionTime: "2026-01-02T03:00:00Z"
  message: |
    Waiting for deployment "llm" rollout to finish: 0 of 1 updated replicas are available...
  reason: Ready
  status: "False"
  type: Failed
endpoint:
  cluster: ""
  external: ""
  model: ""
events:
- count: 1
  lastSeen: "2026-01-02T02:03:05.000Z"
  message: waits
  object: NIMService/llm
  reason: NotReady
  type: Normal
- count: 12
  lastSeen: "2026-01-02T03:03:05.000Z"
  message: "Back-off restarting\\e[31m"
  object: Pod/llm-7d9-a
  reason: BackOff
  type: Warning
kind: NIMStatus
metadata:
  creationTimestamp: "2024-01-01T00:00:00Z"
  name: llm
  namespace: nim
pods:
- containers:
  - ended:
      exitCode: 0
      message: ""
      reason: Completed
    init: true
    name: setup
    ready: true
    restarts: 0
  - ended:
      exitCode: 137
      message: ""
      reason: OOMKilled
    init: false
    message: back-off 5m0s restarting
    name: llm-ctr
    ready: false
    restarts: 4
    waiting: CrashLoopBackOff
  created: "2024-01-01T00:00:00Z"
  name: llm-7d9-a
  node: gpu-1
  phase: Running
  ready: 0/1
  reason: CrashLoopBackOff, OOMKilled (exit 137)
  restarts: 4
profile: ""
replicas:
  available: 0
  wanted: 1
resource: NIMService
shownCondition:
  lastTransitionTime: "2026-01-02T03:00:00Z"
  message: |
    Waiting for deployment "llm" rollout to finish: 0 of 1 updated replicas are available...
  reason: Ready
  status: "False"
  type: Failed
state: NotReady
unread: []
`;

test("one cache: the paragraph of the original, then what is around it", async () => {
  await inNimCluster(async (place) => {
    place.cluster.put(CACHE);
    expect(await place.both("status nimcache llama")).toEqual({
      exit: 0,
      err: "",
      out: `Name: llama
Namespace: nim
State: Ready
PVC: llama-pvc
Type/Status: NIM_CACHE_PVC_CREATED/True
Last Transition Time: 2026-01-02 03:00:00 +0000 UTC
Message: The PVC has been created for caching NIM model
Age: 2y2d
Cached NIM Profiles:
  Name: a1b2, Model: meta/llama, Release: 1.3, Config: map[gpu:H100 tp:2]

Now: NIM_CACHE_JOB_COMPLETED is True, JobCompleted: The Job to cache NIM has successfully completed

Conditions:
  TYPE                      STATUS   REASON         SINCE   MESSAGE
  NIM_CACHE_PVC_CREATED     True     PVCCreated     4m5s    The PVC has been created for caching NIM model
  NIM_CACHE_JOB_COMPLETED   True     JobCompleted   2m5s    The Job to cache NIM has successfully completed

Storage:
  pvc/llama-pvc   not there

Pods: <none>

Events: <none>
`,
    });
  });
});
