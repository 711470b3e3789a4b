import { isTreeMap, type TreeMap } from "@slipway/base";
import { clientOf, startCluster, type Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { NIM_RESOURCES } from "../resources.ts";
import { diagnose } from "./diagnose.ts";
import { gatherFacts } from "./gather.ts";
import { NOW, cache, crashing, object, pod, service, unplaced } from "./testing/situation.ts";

const SERVICE = { kind: "NIMService", namespace: "nim", name: "llama" } as const;

async function inCluster(action: (cluster: Cluster) => Promise<void>): Promise<void> {
  const resources = Object.values(NIM_RESOURCES);
  const cluster = await startCluster({ namespaces: ["nim"], resources, unsettled: ["Pod", "PersistentVolumeClaim"] });
  try {
    await action(cluster);
  } finally {
    await cluster.close();
  }
}

function put(cluster: Cluster, object: TreeMap, labels: TreeMap = {}): void {
  const metadata = isTreeMap(object["metadata"]) ? object["metadata"] : {};
  cluster.put({ ...object, metadata: { ...metadata, labels } });
}

function putNim(cluster: Cluster, object: TreeMap): void {
  cluster.put({ ...object, apiVersion: "apps.nvidia.com/v1alpha1" });
}

function putOperator(cluster: Cluster): void {
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  const containers = [{ name: "manager", image: "nvcr.io/nvidia/cloud-native/k8s-nim-operator:v3.1.2" }];
  const labels = { "app.kubernetes.io/name": "k8s-nim-operator" };
  cluster.put({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "op", namespace: "nim-operator", labels },
    spec: { containers },
    status,
  });
}

const OWN = { "app.kubernetes.io/instance": "llama", "app.kubernetes.io/managed-by": "k8s-nim-operator" };

test("everything around a service that crashes, and no secret in it", async () => {
  await inCluster(async (cluster) => {
    putNim(cluster, service().object);
    putOperator(cluster);
    put(cluster, crashing(1), OWN);
    put(cluster, object("Secret", "ngc-api-secret", { type: "Opaque", data: { NGC_API_KEY: btoa("nvapi-hidden") } }));
    const config = btoa(`{"auths":{"nvcr.io":{"password":"nvapi-hidden"}}}`);
    put(
      cluster,
      object("Secret", "ngc-secret", { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": config } }),
    );
    const about = { involvedObject: { kind: "Pod", name: "llama-6d4cf56db6-x7k2p" } };
    cluster.put(
      object("Event", "e1", {
        ...about,
        type: "Warning",
        reason: "BackOff",
        message: "Back-off restarting",
        count: 4,
        lastTimestamp: "2026-01-02T03:00:00Z",
      }),
    );
    cluster.put(
      object("Event", "e2", {
        involvedObject: { kind: "Pod", name: "other" },
        type: "Warning",
        reason: "BackOff",
        message: "no",
      }),
    );
    cluster.put(
      object("Event", "e3", {
        involvedObject: { kind: "ReplicaSet", name: "llama-2-6d4cf56db6" },
        reason: "FailedCreate",
        message: "no",
      }),
    );
    cluster
      .log("nim", "llama-6d4cf56db6-x7k2p", "llama-ctr", true)
      .write("NGC_API_KEY=nvapi-abcdefghijklmnopqrstuvwxyz0123456789\nValueError: bad\n");
    const client = await clientOf(cluster);
    const facts = await gatherFacts({ client, now: NOW }, SERVICE);
    expect(JSON.stringify([...facts.secrets])).not.toContain("hidden");
    expect([...facts.secrets.values()]).toEqual([
      {
        state: "found",
        value: {
          name: "ngc-secret",
          type: "kubernetes.io/dockerconfigjson",
          keys: [".dockerconfigjson"],
          registries: ["nvcr.io"],
        },
      },
      {
        state: "found",
        value: { name: "ngc-api-secret", type: "Opaque", keys: ["NGC_API_KEY"], registries: undefined },
      },
      { state: "missing" },
    ]);
    expect(facts.operator).toEqual({
      state: "running",
      namespace: "nim-operator",
      version: "v3.1.2",
      text: "1 of 1 pod ready in namespace nim-operator",
    });
    expect(diagnose(facts).evidence).toMatchInlineSnapshot(`
      [
        "pod llama-6d4cf56db6-x7k2p, container llama-ctr: Error, exit status 1, 4 restarts",
        "log of pod llama-6d4cf56db6-x7k2p: NGC_API_KEY=(redacted)",
        "log of pod llama-6d4cf56db6-x7k2p: ValueError: bad",
        "nimservice nim/llama: NotReady",
        "condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...",
        "pod llama-6d4cf56db6-x7k2p: Running, llama-ctr CrashLoopBackOff, 4 restarts",
        "event BackOff of Pod llama-6d4cf56db6-x7k2p (4 times): Back-off restarting",
      ]
    `);
    client.close();
  });
});

test("a service whose cache has no place for its Job", async () => {
  await inCluster(async (cluster) => {
    putNim(cluster, service({}, { storage: { nimCache: { name: "llama-cache" } } }).object);
    putNim(cluster, cache().object);
    putOperator(cluster);
    const job = unplaced("0/1 nodes are available: 1 Insufficient nvidia.com/gpu.");
    put(cluster, job, { "batch.kubernetes.io/job-name": "llama-cache-job" });
    cluster.put({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "h1" },
      status: { capacity: { "nvidia.com/gpu": "1" }, allocatable: { "nvidia.com/gpu": "1" } },
    });
    cluster.put(object("PersistentVolumeClaim", "llama-cache-pvc", { spec: {}, status: { phase: "Bound" } }));
    const client = await clientOf(cluster);
    const { cause, because } = diagnose(await gatherFacts({ client, now: NOW }, SERVICE));
    expect([cause, because?.cause]).toEqual(["cache-has-a-problem", "gpus-too-many"]);
    client.close();
  });
});

test("somebody who may see the service alone", async () => {
  await inCluster(async (cluster) => {
    putNim(cluster, service({}, { storage: { pvc: { create: true, size: "1Gi" } } }).object);
    put(cluster, pod({}), OWN);
    cluster.allow(({ resource }) => resource === "nimservices");
    const client = await clientOf(cluster);
    const facts = await gatherFacts({ client, now: NOW }, SERVICE);
    expect([facts.operator.state, facts.gaps.length, diagnose(facts).cause]).toEqual(["unknown", 4, "unknown"]);
    client.close();
  });
});

test("a service that is not there", async () => {
  await inCluster(async (cluster) => {
    const client = await clientOf(cluster);
    await expect(gatherFacts({ client, now: NOW }, SERVICE)).rejects.toMatchObject({ code: "NOT_FOUND" });
    client.close();
  });
});
