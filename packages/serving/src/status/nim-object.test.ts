import type { Tree } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import fc from "fast-check";
import { expect, test } from "vitest";
import { claimOf, endpointOf, readNimCache, readNimService } from "./nim-object.ts";

function object(kind: string, spec: Tree, status: Tree = {}): KubeObject {
  const metadata = { name: "llm", namespace: "ai", creationTimestamp: "2026-11-21T05:00:00Z" };
  return { apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata, spec, status };
}

test("a service is read", () => {
  const found = readNimService(
    object(
      "NIMService",
      {
        image: { repository: "nvcr.io/nim/meta/llama3-8b-instruct", tag: "1.0.3" },
        storage: { nimCache: { name: "llama", profile: "fp8" }, pvc: {} },
        resources: { limits: { "nvidia.com/gpu": 2 } },
        scale: { enabled: true, hpa: { minReplicas: 2, maxReplicas: 10 } },
        expose: { service: { type: "ClusterIP", port: 8000 } },
      },
      { state: "Ready", availableReplicas: 3, model: { name: "meta/llama3", clusterEndpoint: "10.0.0.7:8000" } },
    ),
  );
  expect(found).toEqual({
    kind: "NIMService",
    name: "llm",
    namespace: "ai",
    state: "Ready",
    conditions: [],
    created: "2026-11-21T05:00:00Z",
    deleted: "",
    wanted: { kind: "scaled", least: 2, most: 10 },
    available: 3,
    storage: { kind: "nimcache", name: "llama", profile: "fp8" },
    profile: "fp8",
    model: "meta/llama3",
    clusterEndpoint: "10.0.0.7:8000",
    externalEndpoint: "",
    image: "nvcr.io/nim/meta/llama3-8b-instruct:1.0.3",
    platform: "standalone",
    gpus: "2",
    serviceType: "ClusterIP",
    port: 8000,
  });
  expect(endpointOf(found)).toBe("10.0.0.7:8000");
});

test("a cache is read", () => {
  const found = readNimCache(
    object(
      "NIMCache",
      {
        source: {
          hf: { endpoint: "https://huggingface.co", namespace: "meta-llama", modelName: "Llama-2", modelPuller: "p:1" },
        },
        storage: { pvc: { create: true, size: "50Gi" } },
      },
      {
        state: "Ready",
        pvc: "llm-pvc",
        profiles: [{ name: "a1", model: "m", release: "1", config: { tp: "2", gpu: "H100" } }],
      },
    ),
  );
  expect(found).toEqual({
    kind: "NIMCache",
    name: "llm",
    namespace: "ai",
    state: "Ready",
    conditions: [],
    created: "2026-11-21T05:00:00Z",
    deleted: "",
    source: "hf",
    pvc: "llm-pvc",
    storage: { kind: "pvc", name: "", size: "50Gi", create: true },
    profiles: [
      {
        name: "a1",
        model: "m",
        release: "1",
        config: [
          ["gpu", "H100"],
          ["tp", "2"],
        ],
      },
    ],
    modelPuller: "p:1",
    model: "meta-llama/Llama-2",
  });
});

test.each<[storage: Tree, storageRead: Tree, claim: string]>([
  [{}, { kind: "none" }, ""],
  [{ emptyDir: {} }, { kind: "emptyDir", size: "" }, ""],
  [{ emptyDir: { sizeLimit: 5 } }, { kind: "emptyDir", size: "5" }, ""],
  [{ hostPath: "/models" }, { kind: "hostPath", path: "/models" }, ""],
  [{ pvc: { name: "models" } }, { kind: "pvc", name: "models", size: "", create: false }, "models"],
  [{ pvc: { create: true, size: "9Gi" } }, { kind: "pvc", name: "", size: "9Gi", create: true }, "llm-pvc"],
  [{ nimCache: { name: 4 }, pvc: [] }, { kind: "none" }, ""],
])("storage %j of a service", (storage, expected, claim) => {
  const view = readNimService(object("NIMService", { storage }));
  expect([view.storage, claimOf(view)]).toEqual([expected, claim]);
});

test("no shape of an object does harm", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (spec, status, storage) => {
      for (const wrapped of [spec, { storage, source: spec, scale: spec, resources: storage, image: spec }]) {
        // What JSON can hold, a tree can.
        const text = JSON.stringify(object("NIMService", null));
        const given: KubeObject = {
          ...JSON.parse(text),
          spec: wrapped,
          status: { model: status, profiles: [status, spec] },
        };
        expect([readNimService(given).name, readNimCache(given).name]).toEqual(["llm", "llm"]);
      }
    }),
  );
});
