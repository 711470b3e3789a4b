import { expect, test } from "vitest";
import type { Given } from "./field.ts";
import type { ServiceFlag } from "./service-fields.ts";
import { buildNimService } from "./service-object.ts";

const AT = { name: "x", namespace: "nim" };

const COMMON = {
  authSecret: "ngc-api-secret",
  resources: { limits: { "nvidia.com/gpu": "1" } },
  expose: { service: { type: "ClusterIP", port: 8000 } },
  inferencePlatform: "standalone",
};

test("a file is laid under the flags, and what neither says is filled in", () => {
  const file = {
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name: "x", labels: { app: "file", tier: "gpu" }, resourceVersion: "7" },
    status: { state: "Ready" },
    spec: {
      image: { repository: "nvcr.io/nim/meta/llama3-8b-instruct", tag: "1.0.0", pullPolicy: "Always" },
      storage: { pvc: { name: "models" } },
      scale: { enabled: true, hpa: { maxReplicas: 3, metrics: [{ type: "Pods" }] } },
      resources: { limits: { memory: "64Gi" } },
      priorityClassName: "high",
    },
  };
  const given: Given<ServiceFlag> = { tag: ["2.0"], "nimcache-storage-name": ["llama"], labels: ["app=flag"] };
  expect(buildNimService({ ...AT, given, file })).toEqual({
    object: {
      apiVersion: "apps.nvidia.com/v1alpha1",
      kind: "NIMService",
      metadata: { name: "x", namespace: "nim", labels: { app: "flag", tier: "gpu" } },
      spec: {
        ...COMMON,
        image: {
          repository: "nvcr.io/nim/meta/llama3-8b-instruct",
          tag: "2.0",
          pullPolicy: "Always",
          pullSecrets: ["ngc-secret"],
        },
        storage: { nimCache: { name: "llama" } },
        scale: { enabled: true, hpa: { maxReplicas: 3, metrics: [{ type: "Pods" }] } },
        resources: { limits: { "nvidia.com/gpu": "1", memory: "64Gi" } },
        priorityClassName: "high",
      },
    },
    warnings: [],
  });
});

const FILE = {
  apiVersion: "apps.nvidia.com/v1alpha1",
  kind: "NIMService",
  spec: { image: { repository: "a/b", tag: "1" }, storage: { pvc: { name: "models" } } },
};

test.each([
  [
    { image: { pullPolicy: "Alway" } },
    "spec.image.pullPolicy",
    '--pull-policy takes Always, IfNotPresent or Never, not "Alway"',
  ],
  [
    { expose: { service: { port: 0 } } },
    "spec.expose.service.port",
    '--service-port takes a port from 1 to 65535, not "0"',
  ],
  [{ replicas: -1 }, "spec.replicas", '--replicas takes a whole number from 0, not "-1"'],
  [{ storage: { pvc: { create: true } } }, "spec.storage.pvc.size", "a new volume needs a size, such as 50Gi"],
  [{ storage: { pvc: { create: false } } }, "spec.storage.pvc.name", "a volume that is there needs its name"],
])("a file that says %j is refused", (spec, field, message) => {
  const file = { ...FILE, spec: { ...FILE.spec, ...spec } };
  const build = () => buildNimService({ ...AT, given: {}, file });
  expect(build).toThrow(expect.objectContaining({ code: "INVALID_INPUT", message, place: { field } }));
});

test("a file that says enough needs no flag", () => {
  expect(buildNimService({ ...AT, given: {}, file: FILE }).object["spec"]).toEqual({
    ...COMMON,
    image: { repository: "a/b", tag: "1", pullPolicy: "IfNotPresent", pullSecrets: ["ngc-secret"] },
    storage: { pvc: { name: "models" } },
    replicas: 1,
  });
});

test.each(["metadata", "spec"])("a file whose %s says that KServe runs in Knative mode cannot be scaled", (part) => {
  const annotations = { "serving.kserve.io/deploymentMode": "Knative" };
  const file = {
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name: "x", ...(part === "metadata" ? { annotations } : {}) },
    spec: {
      image: { repository: "nvcr.io/nim/meta/llama3-8b-instruct", tag: "1.0.0" },
      storage: { pvc: { name: "models" } },
      inferencePlatform: "kserve",
      scale: { enabled: true, hpa: { maxReplicas: 3 } },
      ...(part === "spec" ? { annotations } : {}),
    },
  };
  expect(() => buildNimService({ ...AT, given: {}, file })).toThrow(
    "--scale-max-replicas and the Knative mode of KServe exclude each other",
  );
});
