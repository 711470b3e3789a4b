import { listAt, textAt, type TreeMap } from "@slipway/base";
import { RESOURCES, nameOf, waitFor, type KubeClient, type KubeObject } from "@slipway/kube";
import { clientOf, startCluster } from "@slipway/kube/testing";
import { NIM_RESOURCES } from "@slipway/serving";
import { expect, onTestFinished, test } from "vitest";
import { runNimOperator, type NimOperatorOptions } from "./operator.ts";

const API = "apps.nvidia.com/v1alpha1";
const NGC = { authSecret: "ngc-api-secret", modelPuller: "nvcr.io/nim/meta/llama3-8b-instruct:1.0.3" };

interface Stand {
  readonly client: KubeClient;
  create(
    kind: "NIMCache" | "NIMService",
    name: string,
    spec: TreeMap,
    annotations?: Record<string, string>,
  ): Promise<void>;
  until(kind: "nimCaches" | "nimServices", name: string, state: string): Promise<KubeObject>;
}

/** An operator over a cluster in which whatever is written is ready at once. */
async function stand(options: Partial<NimOperatorOptions> = {}): Promise<Stand> {
  const { nimCaches, nimServices } = NIM_RESOURCES;
  const cluster = await startCluster({ resources: [nimCaches, nimServices] });
  const client = await clientOf(cluster);
  const stop = new AbortController();
  const operator = runNimOperator(client, { signal: stop.signal, retryMs: 20, ...options });
  onTestFinished(async () => {
    stop.abort();
    await operator.ended;
    client.close();
    await cluster.close();
  });
  await operator.synced;
  return {
    client,
    create: async (kind, name, spec, annotations = {}) => {
      const resource = kind === "NIMCache" ? nimCaches : nimServices;
      const object = { apiVersion: API, kind, metadata: { name, annotations }, spec };
      await client.create(resource, object, { namespace: "default" });
    },
    until: async (kind, name, state) => {
      const isThere = (object: KubeObject | undefined): boolean => textAt(object, "status", "state") === state;
      const wait = { namespace: "default", until: `to be ${state}`, timeoutMs: 20_000 };
      const found = await waitFor(client, NIM_RESOURCES[kind], name, isThere, wait);
      if (found === undefined) throw new Error("it is gone");
      return found;
    },
  };
}

function told(object: KubeObject): readonly string[] {
  return listAt(object, "status", "conditions").map((condition) =>
    ["type", "status", "reason"].map((key) => textAt(condition, key)).join(" "),
  );
}

async function events({ client }: Stand, name: string): Promise<readonly string[]> {
  const { items } = await client.list(RESOURCES.events, { namespace: "default" });
  const own = items.filter((event) => textAt(event, "involvedObject", "name") === name);
  return own.map((event) => `${textAt(event, "type")} ${textAt(event, "reason")}`);
}

test("a cache is filled from its profiles, and its manifest is kept", async () => {
  const place = await stand();
  const spec = {
    source: { ngc: { ...NGC, model: { precision: "bf16" } } },
    storage: { pvc: { create: true, size: "1Gi" } },
  };
  await place.create("NIMCache", "llama", spec);
  const cache = await place.until("nimCaches", "llama", "Ready");
  expect(told(cache)).toEqual([
    "NIM_CACHE_PVC_CREATED True PVCCreated",
    "NIM_CACHE_JOB_CREATED True JobCreated",
    "NIM_CACHE_JOB_COMPLETED True JobCompleted",
  ]);
  expect(textAt(cache, "status", "pvc")).toBe("llama-pvc");
  expect(textAt(cache, "status", "type")).toBe("native");
  expect(listAt(cache, "status", "profiles")).toHaveLength(6);
  expect(cache.metadata.finalizers).toEqual(["finalizer.nimcache.apps.nvidia.com"]);
  expect(await events(place, "llama")).toEqual(["Normal Ready"]);
  const { items: pods } = await place.client.list(RESOURCES.pods, { namespace: "default" });
  expect(pods.map(nameOf)).toEqual([]);
});

test("a model that is no image of its own has no profiles", async () => {
  const place = await stand({ generation: "3.0" });
  const source = { ngc: { ...NGC, modelEndpoint: "ngc://nvidia/nemo/llama:1" } };
  await place.create("NIMCache", "llama", { source, storage: { pvc: { name: "models" } } });
  const cache = await place.until("nimCaches", "llama", "Ready");
  expect(cache["status"]).toMatchObject({ pvc: "models", profiles: [] });
  expect(textAt(cache, "status", "type")).toBe("");
  const job = await place.client.get(RESOURCES.jobs, "llama-job", { namespace: "default" });
  const [container] = listAt(job, "spec", "template", "spec", "containers");
  expect(listAt(container, "args")).toEqual([
    "create-model-store",
    "--model-repo",
    "ngc://nvidia/nemo/llama:1",
    "--model-store",
    "/model-store",
  ]);
});

const IMAGE = { repository: "nvcr.io/nim/meta/llama3-8b-instruct", tag: "1.0.3" };

test("a service waits for its cache and is ready after it", async () => {
  const place = await stand();
  const storage = { nimCache: { name: "llama", profile: "abc" } };
  await place.create("NIMService", "my-llm", { image: IMAGE, authSecret: "ngc-api-secret", storage });
  expect(told(await place.until("nimServices", "my-llm", "Failed"))).toEqual([
    "Ready False NIMCacheNotFound",
    "Failed True NIMCacheNotFound",
  ]);
  const source = { hf: { ...NGC, endpoint: "https://hf.co", namespace: "meta", modelName: "llama" } };
  await place.create("NIMCache", "llama", { source, storage: { pvc: { name: "models" } } });
  const service = await place.until("nimServices", "my-llm", "Ready");
  expect(told(service)).toEqual(["Ready True Ready", "Failed False Ready"]);
  expect(textAt(service, "status", "model", "name")).toBe("meta/llama3-8b-instruct");
  const deployment = await place.client.get(RESOURCES.deployments, "my-llm", { namespace: "default" });
  const template = textAt(deployment, "spec", "template", "metadata", "labels", "app.kubernetes.io/instance");
  expect(template).toBe("my-llm");
  const [container] = listAt(deployment, "spec", "template", "spec", "containers");
  expect(textAt(container, "name")).toBe("my-llm-ctr");
  expect(listAt(container, "env")).toContainEqual({ name: "NIM_MODEL_PROFILE", value: "abc" });
  expect((await events(place, "my-llm"))[0]).toBe("Warning Failed");
  expect((await events(place, "my-llm")).at(-1)).toBe("Normal Ready");
});

test("a service on KServe fails where there is no KServe", async () => {
  const place = await stand();
  await place.create("NIMService", "my-llm", {
    image: IMAGE,
    inferencePlatform: "kserve",
    storage: { pvc: { name: "x" } },
  });
  const service = await place.until("nimServices", "my-llm", "Failed");
  expect(told(service)).toEqual(["Ready False InferenceServiceFailed", "Failed True InferenceServiceFailed"]);
});

test("an object's annotation says what becomes of it", async () => {
  const place = await stand();
  const storage = { pvc: { create: true, size: "1Gi" } };
  await place.create("NIMService", "my-llm", { image: IMAGE, storage }, { "sim.slipway.dev/nim": "fail" });
  expect(told(await place.until("nimServices", "my-llm", "Failed"))).toContain("Failed True DeploymentFailed");
  const source = { ngc: { ...NGC, model: { precision: "int2" } } };
  await place.create("NIMCache", "llama", { source, storage });
  expect(told(await place.until("nimCaches", "llama", "NotReady"))).toContain(
    "NIM_CACHE_RECONCILE_FAILED True ReconcileFailed",
  );
  expect(await events(place, "llama")).toEqual(["Warning ReconcileFailed"]);
});

test("what is deleted is let go; other namespaces are left alone", async () => {
  const place = await stand({ namespaceFilter: (namespace) => namespace === "default" });
  const { nimServices } = NIM_RESOURCES;
  const spec = { image: IMAGE, storage: { pvc: { create: true, size: "1Gi" } } };
  await place.create("NIMService", "my-llm", spec);
  await place.until("nimServices", "my-llm", "Ready");
  const other = { apiVersion: API, kind: "NIMService", metadata: { name: "other" }, spec };
  await place.client.create(nimServices, other, { namespace: "kube-public" });
  await place.client.delete(nimServices, "my-llm", { namespace: "default" });
  const isGone = (object: KubeObject | undefined): boolean => object === undefined;
  await waitFor(place.client, nimServices, "my-llm", isGone, { namespace: "default", until: "to be gone" });
  const { items } = await place.client.list(RESOURCES.deployments);
  expect(items.map(nameOf)).toEqual([]);
  expect(await place.client.get(nimServices, "other", { namespace: "kube-public" })).not.toHaveProperty("status");
});
