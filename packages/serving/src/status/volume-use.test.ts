import { SlipwayError, type Tree } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { volumeUse } from "./volume-use.ts";

const CLAIM = { namespace: "nim", name: "models" };

function pod(name: string, phase: string, claim: string, nodeName = "gpu-1"): KubeObject {
  const spec = { nodeName, volumes: [{ name: "v", persistentVolumeClaim: { claimName: claim } }] };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "nim" }, spec, status: { phase } };
}

/** A kubelet that knows of one pod. */
function kubelet(volume: Tree) {
  const asked: string[] = [];
  const read = async (path: string): Promise<Tree> => {
    asked.push(path);
    return {
      pods: [
        {
          podRef: { name: "a", namespace: "other" },
          volume: [{ pvcRef: { name: "models" }, usedBytes: 1, capacityBytes: 1 }],
        },
        { podRef: { name: "a", namespace: "nim" }, volume },
      ],
    };
  };
  return { api: { read }, asked };
}

const none = new AbortController().signal;

test("the kubelet where a running pod has the claim mounted is asked", async () => {
  const { api, asked } = kubelet([
    { pvcRef: { name: "other" }, usedBytes: 5, capacityBytes: 6 },
    { pvcRef: { name: "models" }, usedBytes: 7, capacityBytes: 10 },
  ]);
  const pods = [pod("z", "Pending", "models"), pod("y", "Running", "other"), pod("a", "Running", "models")];
  expect(await volumeUse(api, CLAIM, pods, none)).toEqual({ used: 7, capacity: 10 });
  expect(asked).toEqual(["/api/v1/nodes/gpu-1/proxy/stats/summary"]);
});

test.each<[what: string, pods: readonly KubeObject[], volume: Tree]>([
  ["no pod has it mounted", [pod("a", "Running", "other")], []],
  ["the pod has no node that can be one", [pod("a", "Running", "models", "../x")], []],
  ["the kubelet does not say", [pod("a", "Running", "models")], [{ pvcRef: { name: "models" } }]],
  ["the answer has another shape", [pod("a", "Running", "models")], "?"],
])("nothing is known where %s", async (_, pods, volume) => {
  expect(await volumeUse(kubelet(volume).api, CLAIM, pods, none)).toBeUndefined();
});

test("nothing is known where the kubelet may not be asked; Ctrl-C is no such case", async () => {
  const api = { read: () => Promise.reject(new SlipwayError("NOT_ALLOWED", "forbidden")) };
  const pods = [pod("a", "Running", "models")];
  expect(await volumeUse(api, CLAIM, pods, none)).toBeUndefined();
  const stopped = AbortSignal.abort(new Error("stopped"));
  await expect(volumeUse(api, CLAIM, pods, stopped)).rejects.toThrow("stopped");
});
