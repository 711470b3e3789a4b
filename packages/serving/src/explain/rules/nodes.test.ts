import type { TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import type { ClusterEvent } from "../../related/events.ts";
import { NOW, condition, pod, service, told } from "../testing/situation.ts";

const NODE_GONE: ClusterEvent = {
  kind: "Pod",
  name: "llama-6d4cf56db6-x7k2p",
  type: "Warning",
  reason: "NodeNotReady",
  message: "Node is not ready",
  count: 1,
  at: NOW.getTime(),
};

function running(ready: string, status: TreeMap = {}): KubeObject {
  return pod(
    { state: { running: { startedAt: "2026-01-02T02:50:00Z" } } },
    {
      spec: { nodeName: "h100-0" },
      status: { phase: "Running", conditions: [condition("Ready", ready, "", "")], ...status },
    },
  );
}

test("the node of a pod does not answer any more, whatever else is wrong", () => {
  const secrets = new Map([["ngc-api-secret", { state: "missing" as const }]]);
  expect(told(service({ pods: [running("False")], events: [NODE_GONE], secrets }))).toMatchInlineSnapshot(`
    "[node-not-ready] nimservice nim/llama: has a problem

    Cause:     Node h100-0, on which pod llama-6d4cf56db6-x7k2p runs, is not ready.
    Next:      See what the node says.
               kubectl describe node h100-0

    Evidence:
      event NodeNotReady of pod llama-6d4cf56db6-x7k2p: Node is not ready
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Running, llama-ctr running and not ready
    "
  `);
  const lost = running("Unknown", { reason: "NodeLost" });
  expect(told(service({ pods: [lost] })).split("\n")[0]).toBe("[node-not-ready] nimservice nim/llama: has a problem");
});

test("a node that was away for a while is no cause once its pod is ready again", () => {
  expect(told(service({ pods: [running("True")], events: [NODE_GONE] })).split("\n")[0]).toBe(
    "[model-loading] nimservice nim/llama: under way",
  );
});

test("a container that runs has the secret and the volume that nobody finds", () => {
  const secrets = new Map([["ngc-api-secret", { state: "missing" as const }]]);
  const claim = { name: "models", isMade: false, object: { state: "missing" as const } };
  expect(told(service({ pods: [running("False")], secrets, claim })).split("\n")[0]).toBe(
    "[model-loading] nimservice nim/llama: under way",
  );
});

test("what the operator says goes before what may be guessed, while there is no pod", () => {
  const claim = { name: "models", isMade: false, object: { state: "missing" as const } };
  const failed = (message: string): TreeMap => ({
    state: "Failed",
    conditions: [condition("Failed", "True", "InferenceServiceFailed", message)],
  });
  expect(
    [
      'no matches for kind "InferenceService" in version "serving.kserve.io/v1beta1"',
      'deployments.apps "llama" is forbidden: quota',
    ].map((message) =>
      told(service({ claim }, {}, failed(message)))
        .split("\n")
        .slice(0, 3)
        .join("\n"),
    ),
  ).toMatchInlineSnapshot(`
    [
      "[kserve-missing] nimservice nim/llama: has a problem

    Cause:     The service is to run on KServe, and KServe is not installed.",
      "[reported-failure] nimservice nim/llama: has a problem

    Cause:     The operator reports a failure: deployments.apps "llama" is forbidden: quota",
    ]
  `);
});
