import { expect, test } from "vitest";
import type { CacheFlag } from "./cache-fields.ts";
import { buildNimCache } from "./cache-object.ts";
import type { ServiceFlag } from "./service-fields.ts";
import { buildNimService } from "./service-object.ts";
import { givenOf } from "./testing/given-of.ts";

const MODE_NOT_TOLD =
  "on KServe, autoscaling needs the mode RawDeployment: the NIM Operator refuses it in Knative mode; nothing here says which " +
  "one it is (annotation serving.kserve.io/deploymentMode)";

const AT = { name: "x", namespace: "nim" };

function service(values: Parameters<typeof givenOf<ServiceFlag>>[0]) {
  return buildNimService({ ...AT, given: givenOf<ServiceFlag>(values) });
}

function cache(values: Parameters<typeof givenOf<CacheFlag>>[0]) {
  return buildNimCache({ ...AT, given: givenOf<CacheFlag>(values) });
}

const COMMON = {
  authSecret: "ngc-api-secret",
  resources: { limits: { "nvidia.com/gpu": "1" } },
  expose: { service: { type: "ClusterIP", port: 8000 } },
  inferencePlatform: "standalone",
};

function image(repository: string, tag: string) {
  return { repository: `nvcr.io/nim/meta/${repository}`, tag, pullPolicy: "IfNotPresent", pullSecrets: ["ngc-secret"] };
}

const NO_CPU =
  "autoscaling goes by CPU use, which needs a CPU request: without --cpu, or metrics with --from-file, it never scales";

test("a service on a volume that is there", () => {
  expect(
    service({
      "image-repository": "nvcr.io/nim/meta/llama3-8b-instruct",
      tag: "1.0.3",
      "pvc-storage-name": "model-storage",
    }),
  ).toEqual({
    object: {
      apiVersion: "apps.nvidia.com/v1alpha1",
      kind: "NIMService",
      metadata: { name: "x", namespace: "nim" },
      spec: {
        ...COMMON,
        image: image("llama3-8b-instruct", "1.0.3"),
        storage: { pvc: { create: false, name: "model-storage" } },
        replicas: 1,
      },
    },
    warnings: [],
  });
});

test("a service with a volume of its own", () => {
  const { object, warnings } = service({
    "image-repository": "nvcr.io/nim/meta/llama-3.1-8b-instruct",
    tag: "1.3.3",
    "pvc-create": "true",
    "pvc-size": "50Gi",
    "pvc-volume-access-mode": "ReadWriteOnce",
    "pvc-storage-class": "nfs-storage",
  });
  expect(warnings).toEqual([]);
  expect(object["spec"]).toEqual({
    ...COMMON,
    image: image("llama-3.1-8b-instruct", "1.3.3"),
    storage: { pvc: { create: true, storageClass: "nfs-storage", size: "50Gi", volumeAccessMode: "ReadWriteOnce" } },
    replicas: 1,
  });
});

test("a service on a cache, with a profile", () => {
  const { object } = service({
    "image-repository": "nvcr.io/nim/meta/llama-3.1-8b-instruct",
    tag: "1.3.3",
    "nimcache-storage-name": "llama-cache",
    "nimcache-storage-profile": "tensorrt_llm-h100-fp8-tp2",
  });
  expect(object["spec"]).toEqual({
    ...COMMON,
    image: image("llama-3.1-8b-instruct", "1.3.3"),
    storage: { nimCache: { name: "llama-cache", profile: "tensorrt_llm-h100-fp8-tp2" } },
    replicas: 1,
  });
});

test("autoscaling leaves replicas out, and says that nothing would make it scale", () => {
  const { object, warnings } = service({
    "image-repository": "nvcr.io/nim/meta/llama-3.1-70b-instruct",
    tag: "1.3.3",
    "pvc-storage-name": "prod-storage",
    replicas: "2",
    "gpu-limit": "4",
    "scale-min-replicas": "2",
    "scale-max-replicas": "10",
    "service-type": "LoadBalancer",
    "service-port": "8080",
    "auth-secret": "ngc-api-secret",
    "pull-secrets": "ngc-secret",
  });
  expect(warnings).toEqual([NO_CPU]);
  expect(object["spec"]).toEqual({
    ...COMMON,
    image: image("llama-3.1-70b-instruct", "1.3.3"),
    storage: { pvc: { create: false, name: "prod-storage" } },
    resources: { limits: { "nvidia.com/gpu": "4" } },
    expose: { service: { type: "LoadBalancer", port: 8080 } },
    scale: { enabled: true, hpa: { minReplicas: 2, maxReplicas: 10 } },
  });
});

test("KServe", () => {
  const { object } = service({
    "image-repository": "nvcr.io/nim/meta/mixtral-8x7b-instruct",
    tag: "1.0.0",
    "nimcache-storage-name": "mixtral-cache",
    "inference-platform": "kserve",
    "gpu-limit": "8",
    "service-type": "ClusterIP",
    "pull-policy": "IfNotPresent",
  });
  expect(object["spec"]).toEqual({
    ...COMMON,
    image: image("mixtral-8x7b-instruct", "1.0.0"),
    storage: { nimCache: { name: "mixtral-cache" } },
    resources: { limits: { "nvidia.com/gpu": "8" } },
    inferencePlatform: "kserve",
    replicas: 1,
  });
});

test.each([
  [undefined, [MODE_NOT_TOLD]],
  ["RawDeployment", []],
])("autoscaling on KServe, in the mode %s", (mode, warnings) => {
  const built = service({
    "image-repository": "nvcr.io/nim/meta/mixtral-8x7b-instruct",
    tag: "1.0.0",
    "nimcache-storage-name": "mixtral-cache",
    "inference-platform": "kserve",
    "scale-max-replicas": "4",
    cpu: "8",
    ...(mode === undefined ? {} : { annotations: `serving.kserve.io/deploymentMode=${mode}` }),
  });
  expect(built.warnings).toEqual(warnings);
  expect(built.object["spec"]).toEqual({
    ...COMMON,
    image: image("mixtral-8x7b-instruct", "1.0.0"),
    storage: { nimCache: { name: "mixtral-cache" } },
    resources: { limits: { "nvidia.com/gpu": "1" }, requests: { cpu: "8" } },
    inferencePlatform: "kserve",
    scale: { enabled: true, hpa: { maxReplicas: 4 } },
  });
});

test("the CLI's other flags", () => {
  const { object, warnings } = service({
    "image-repository": "nvcr.io/nim/meta/llama3-8b-instruct",
    tag: "1.0.0",
    emptydir: "60Gi",
    "gpu-limit": "auto",
    cpu: "8000m",
    memory: "2048Mi",
    env: ["A=b,c=d", "NIM_MODEL_NAME,hf://meta/llama,HF_TOKEN,hf-secret"],
    "env-secret": "KEY=secret/key",
    "node-selector": "gpu=h100,zone=a",
    toleration: ["nvidia.com/gpu:NoSchedule", "team=a"],
    "runtime-class": "nvidia",
    "user-id": "1000",
    "group-id": "0",
    labels: "app=llm",
    annotations: "note=a, b",
  });
  expect(warnings).toEqual([
    'the model comes from Hugging Face, and operators from 3.0.2 on read HF_TOKEN from the Secret "ngc-api-secret" (--auth-secret): it must hold that key',
  ]);
  expect(object).toEqual({
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name: "x", namespace: "nim", labels: { app: "llm" }, annotations: { note: "a, b" } },
    spec: {
      authSecret: "ngc-api-secret",
      expose: COMMON.expose,
      inferencePlatform: "standalone",
      image: image("llama3-8b-instruct", "1.0.0"),
      storage: { emptyDir: { sizeLimit: "60Gi" } },
      resources: { requests: { cpu: "8", memory: "2Gi" } },
      replicas: 1,
      env: [
        { name: "A", value: "b,c=d" },
        { name: "NIM_MODEL_NAME", value: "hf://meta/llama" },
        { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hf-secret", key: "HF_TOKEN", optional: true } } },
        { name: "KEY", valueFrom: { secretKeyRef: { name: "secret", key: "key" } } },
      ],
      nodeSelector: { gpu: "h100", zone: "a" },
      tolerations: [
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
        { key: "team", operator: "Equal", value: "a" },
      ],
      runtimeClassName: "nvidia",
      userID: 1000,
      groupID: 0,
    },
  });
});

test("a cache of a universal NIM", () => {
  expect(
    cache({
      "nim-source": "ngc",
      "ngc-model-endpoint": "nim://meta/llama3-8b-instruct:1.0.0",
      "model-puller": "nvcr.io/nim/nvidia/llm-nim:1.12",
      "pvc-create": "true",
      "pvc-size": "100Gi",
      "pvc-volume-access-mode": "ReadWriteMany",
    }),
  ).toEqual({
    object: {
      apiVersion: "apps.nvidia.com/v1alpha1",
      kind: "NIMCache",
      metadata: { name: "x", namespace: "nim" },
      spec: {
        source: {
          ngc: {
            authSecret: "ngc-api-secret",
            modelPuller: "nvcr.io/nim/nvidia/llm-nim:1.12",
            pullSecret: "ngc-secret",
            modelEndpoint: "nim://meta/llama3-8b-instruct:1.0.0",
          },
        },
        storage: { pvc: { create: true, size: "100Gi", volumeAccessMode: "ReadWriteMany" } },
      },
    },
    warnings: [
      '--ngc-model-endpoint usually starts with ngc://, and "nim://meta/llama3-8b-instruct:1.0.0" does not: the model puller may not understand it',
    ],
  });
});

test.each(["huggingface", "HuggingFace"])("a cache of a model of %s", (source) => {
  const { object, warnings } = cache({
    "nim-source": source,
    "alt-endpoint": "https://huggingface.co",
    "alt-namespace": "meta-llama",
    "model-name": "Llama-2-7b-chat-hf",
    "model-puller": "nvcr.io/nim/nvidia/llm-nim:1.12",
    "alt-secret": "hf-api-secret",
    "pvc-storage-name": "existing-pvc",
  });
  expect(warnings).toEqual([]);
  expect(object["spec"]).toEqual({
    source: {
      hf: {
        endpoint: "https://huggingface.co",
        namespace: "meta-llama",
        modelName: "Llama-2-7b-chat-hf",
        authSecret: "hf-api-secret",
        modelPuller: "nvcr.io/nim/nvidia/llm-nim:1.12",
        pullSecret: "ngc-secret",
      },
    },
    storage: { pvc: { create: false, name: "existing-pvc" } },
  });
});

test("a cache of a data store, in its default namespace", () => {
  const { object } = cache({
    "nim-source": "nemoDataStore",
    "alt-endpoint": "http://store:8000/v1/hf",
    "dataset-name": "squad",
    revision: "main",
    "model-puller": "nvcr.io/nim/nvidia/llm-nim:1.12",
    "host-path": "/models",
  });
  expect(object["spec"]).toEqual({
    source: {
      dataStore: {
        endpoint: "http://store:8000/v1/hf",
        namespace: "default",
        datasetName: "squad",
        revision: "main",
        authSecret: "hf-api-secret",
        modelPuller: "nvcr.io/nim/nvidia/llm-nim:1.12",
        pullSecret: "ngc-secret",
      },
    },
    storage: { hostPath: "/models" },
  });
});

const NO_TAG =
  "--model-puller names no tag, so that latest is pulled, which NGC may not have: nvcr.io/nim/meta/llama3-8b-instruct:TAG";

test("a cache for some GPUs", () => {
  const { object, warnings } = cache({
    "nim-source": "ngc",
    "model-puller": "nvcr.io/nim/meta/llama3-8b-instruct",
    gpus: "h100,a100",
    "pvc-create": "true",
    "pvc-size": "200Gi",
  });
  expect(warnings).toEqual([NO_TAG]);
  expect(object["spec"]).toEqual({
    source: {
      ngc: {
        authSecret: "ngc-api-secret",
        modelPuller: "nvcr.io/nim/meta/llama3-8b-instruct",
        pullSecret: "ngc-secret",
        model: { gpus: [{ product: "h100" }, { product: "a100" }] },
      },
    },
    storage: { pvc: { create: true, size: "200Gi", volumeAccessMode: "ReadWriteMany" } },
  });
});

test("a cache with resources of its own", () => {
  const { object, warnings } = cache({
    "nim-source": "ngc",
    "model-puller": "nvcr.io/nim/meta/llama3-8b-instruct",
    "resources-cpu": "8000m",
    "resources-memory": "32Gi",
    "tensor-parallelism": "4",
    lora: "T",
    buildable: "0",
    "pvc-create": "true",
    "pvc-size": "500Gi",
  });
  expect(warnings).toEqual([NO_TAG]);
  expect(object["spec"]).toEqual({
    source: {
      ngc: {
        authSecret: "ngc-api-secret",
        modelPuller: "nvcr.io/nim/meta/llama3-8b-instruct",
        pullSecret: "ngc-secret",
        model: { tensorParallelism: "4", lora: true, buildable: false },
      },
    },
    storage: { pvc: { create: true, size: "500Gi", volumeAccessMode: "ReadWriteMany" } },
    resources: { cpu: "8", memory: "32Gi" },
  });
});

test("profiles say what is cached, whatever else is said", () => {
  const { object, warnings } = cache({
    "nim-source": "ngc",
    "model-puller": "nvcr.io/nim/meta/llama3-8b-instruct:1.0.0",
    profiles: "a,b",
    precision: "fp8",
    "pvc-storage-name": "models",
    "pvc-size": "1Ti",
  });
  expect(warnings).toEqual([
    "--precision is left out: --profiles says what is cached",
    "--pvc-size is left out: it is for a new volume, and --pvc-create is not given",
  ]);
  expect(object["spec"]).toEqual({
    source: {
      ngc: {
        authSecret: "ngc-api-secret",
        modelPuller: "nvcr.io/nim/meta/llama3-8b-instruct:1.0.0",
        pullSecret: "ngc-secret",
        model: { profiles: ["a", "b"] },
      },
    },
    storage: { pvc: { create: false, name: "models" } },
  });
});
