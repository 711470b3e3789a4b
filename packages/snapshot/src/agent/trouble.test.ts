import type { Tree, TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { creationTrouble, failure, pendingTrouble } from "./trouble.ts";

function pod(status: TreeMap) {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, status };
}

function waiting(reason: string, message = "") {
  return pod({ containerStatuses: [{ state: { waiting: { reason, message } } }] });
}

const IMAGE = "registry.test/aicr:1";

test.each([
  [
    "0/3 nodes are available: 3 node(s) had untolerated taint {nvidia.com/gpu: }.",
    "Tolerate the taint with --toleration.",
  ],
  [
    "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector.",
    "Choose other nodes with --node-selector; ask for less with --requests.",
  ],
  [
    "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.",
    "With all GPUs taken, use --runtime-class in place of --require-gpu.",
  ],
  ["", undefined],
])("the scheduler says %j", (message, hint) => {
  const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
  expect(pendingTrouble(pod({ conditions }), IMAGE)).toEqual({
    code: "TIMED_OUT",
    message: `no node takes the pod: ${message === "" ? "the scheduler gives no reason" : message}`,
    ...(hint === undefined ? {} : { hint }),
    fatal: "never",
  });
});

test.each([
  ["ErrImagePull", "soon"],
  ["ImagePullBackOff", "soon"],
  ["InvalidImageName", "now"],
  ["ErrImageNeverPull", "now"],
])("an image that cannot be pulled: %s", (reason, fatal) => {
  expect(pendingTrouble(waiting(reason, "not found"), IMAGE)).toEqual({
    code: "UNAVAILABLE",
    message: `the image registry.test/aicr:1 cannot be pulled (${reason}: not found)`,
    hint: "Name one that the nodes can reach with --image; for a registry with a login add --image-pull-secret.",
    fatal,
  });
});

test("a container that does not start, and one that is about to", () => {
  expect(pendingTrouble(waiting("CreateContainerConfigError"), IMAGE)).toEqual({
    code: "UNAVAILABLE",
    message: "the container does not start (CreateContainerConfigError)",
    fatal: "soon",
  });
  expect(pendingTrouble(waiting("ContainerCreating"), IMAGE)).toBeUndefined();
  expect(pendingTrouble(pod({}), IMAGE)).toBeUndefined();
});

function events(...messages: readonly string[]) {
  return messages.map((message) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: {},
    reason: "FailedCreate",
    message,
  }));
}

test.each([
  [
    'pods "a" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    "NOT_ALLOWED",
    "now",
    "Run it with --privileged=false, in another namespace, or label the namespace pod-security.kubernetes.io/enforce=privileged.",
  ],
  ['admission webhook "validate.kyverno.svc" denied the request: no latest tag', "NOT_ALLOWED", "now", undefined],
  [
    "exceeded quota: compute, requested: requests.cpu=1",
    "NOT_ALLOWED",
    "soon",
    "Ask for less with --requests and --limits.",
  ],
  ["Internal error occurred: etcd", "UNAVAILABLE", "soon", undefined],
])("a pod that is not made: %s", (message, code, fatal, hint) => {
  expect(creationTrouble(events("older", message))).toMatchObject({
    code,
    message: `the pod is refused: ${message}`,
    fatal,
  });
  expect(creationTrouble(events(message))?.hint).toBe(hint);
});

test("events of other sorts say nothing", () => {
  const normal = { apiVersion: "v1", kind: "Event", metadata: {}, reason: "SuccessfulCreate", message: "Created pod" };
  expect(creationTrouble([normal])).toBeUndefined();
});

function failed(reason: string, message = "") {
  const conditions = [{ type: "Failed", status: "True", reason, message }];
  return { apiVersion: "batch/v1", kind: "Job", metadata: {}, status: { conditions } };
}

function ended(terminated: Tree) {
  return pod({ containerStatuses: [{ state: { terminated } }] });
}

test.each([
  [
    "its deadline",
    failed("DeadlineExceeded"),
    ended({ exitCode: 137 }),
    "TIMED_OUT",
    "the agent was still at work at its deadline",
  ],
  [
    "memory",
    failed("BackoffLimitExceeded"),
    ended({ exitCode: 137, reason: "OOMKilled" }),
    "UNAVAILABLE",
    "the agent needed more memory than it may have",
  ],
  [
    "rights",
    failed("BackoffLimitExceeded"),
    ended({ exitCode: 4, reason: "Error", message: "one\ntwo\n\nthree\nerror: configmaps is forbidden\n" }),
    "NOT_ALLOWED",
    "the agent ended with exit status 4: two / three / error: configmaps is forbidden",
  ],
  [
    "a crash",
    failed("BackoffLimitExceeded"),
    ended({ exitCode: 134 }),
    "UNAVAILABLE",
    "the agent ended with exit status 134",
  ],
  [
    "eviction",
    failed("BackoffLimitExceeded"),
    pod({ reason: "Evicted", message: "The node was low on resource: memory." }),
    "UNAVAILABLE",
    "the pod was ended by the node (Evicted: The node was low on resource: memory.)",
  ],
  [
    "something that left no pod",
    failed("BackoffLimitExceeded", "Job has reached the specified backoff limit"),
    undefined,
    "UNAVAILABLE",
    "the agent failed (BackoffLimitExceeded: Job has reached the specified backoff limit)",
  ],
  ["something unknown", failed(""), pod({}), "UNAVAILABLE", "the agent failed"],
])("an agent that failed of %s", (_what, job, pod, code, message) => {
  expect(failure(job, pod)).toMatchObject({ code, message, fatal: "now" });
});
