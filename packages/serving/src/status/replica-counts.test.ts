import type { Tree } from "@slipway/base";
import { kubeObject, KubeApiError, type KubeApi, type KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { readNimService } from "./nim-object.ts";
import { replicaCounts } from "./replica-counts.ts";

const signal = new AbortController().signal;

function object(kind: string, name: string, status: Tree, spec: Tree = {}): KubeObject {
  return kubeObject({ apiVersion: "v1", kind, metadata: { name, namespace: "nim" }, spec, status }, "an object");
}

const NAMES = ["told", "deployed", "served", "bare"];
const SERVICES = NAMES.map((name) =>
  readNimService(object("NIMService", name, name === "told" ? { availableReplicas: 7 } : {})),
);

function apiOf(answer: readonly KubeObject[] | KubeApiError) {
  let count = 0;
  const api: Pick<KubeApi, "list"> = {
    list: async () => {
      count++;
      if (answer instanceof KubeApiError) throw answer;
      return { items: answer, resourceVersion: "1" };
    },
  };
  return { api, asked: () => count };
}

test("the status counts, else the Deployment, that of KServe too; a service without one has none", async () => {
  const { api, asked } = apiOf([
    object("Deployment", "deployed", { availableReplicas: 2 }),
    object("Deployment", "served-predictor", { availableReplicas: 3 }),
  ]);
  const counts = await replicaCounts(api, SERVICES, "nim", signal);
  expect([counts.isPartial, SERVICES.map((service) => counts.of(service)), asked()]).toEqual([false, [7, 2, 3, 0], 1]);
});

test("who may not see Deployments knows what the status says", async () => {
  const { api } = apiOf(new KubeApiError("no", { status: 403, reason: "Forbidden" }));
  const counts = await replicaCounts(api, SERVICES, "nim", signal);
  expect([counts.isPartial, SERVICES.map((service) => counts.of(service))]).toEqual([
    true,
    [7, undefined, undefined, undefined],
  ]);
});

test("nothing is asked where every status has the number", async () => {
  const { api, asked } = apiOf([]);
  const counts = await replicaCounts(api, SERVICES.slice(0, 1), undefined, signal);
  expect([counts.isPartial, asked()]).toEqual([false, 0]);
});

test("a cluster that is down is an error", async () => {
  const { api } = apiOf(new KubeApiError("down", { status: 503, reason: "ServiceUnavailable" }));
  await expect(replicaCounts(api, SERVICES, "nim", signal)).rejects.toThrow("down");
});
