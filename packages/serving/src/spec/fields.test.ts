import { expect, test } from "vitest";
import { NIM_CACHE_FIELDS } from "./cache-fields.ts";
import type { SpecField } from "./field.ts";
import { NIM_SERVICE_FIELDS } from "./service-fields.ts";

const VOLUME = {
  "pvc-create": "false",
  "pvc-storage-name": undefined,
  "pvc-volume-access-mode": "ReadWriteMany",
  "pvc-size": undefined,
  "pvc-storage-class": undefined,
};

/** The flags of the seed with what counts when they are not given (the original's `--help`). */
const SEED = {
  nimservice: {
    ...VOLUME,
    "image-repository": undefined,
    tag: undefined,
    "nimcache-storage-name": undefined,
    "nimcache-storage-profile": undefined,
    "pull-policy": "IfNotPresent",
    "auth-secret": "ngc-api-secret",
    "pull-secrets": "ngc-secret",
    "service-port": "8000",
    "service-type": "ClusterIP",
    replicas: "1",
    "gpu-limit": "1",
    "scale-max-replicas": undefined,
    "scale-min-replicas": undefined,
    "inference-platform": "standalone",
    env: undefined,
  },
  nimcache: {
    ...VOLUME,
    "nim-source": undefined,
    "resources-cpu": undefined,
    "resources-memory": undefined,
    "model-puller": undefined,
    "ngc-model-endpoint": undefined,
    precision: undefined,
    engine: undefined,
    "tensor-parallelism": undefined,
    "qos-profile": undefined,
    lora: undefined,
    buildable: undefined,
    "pull-secret": "ngc-secret",
    profiles: undefined,
    gpus: undefined,
    "alt-endpoint": undefined,
    "alt-namespace": undefined,
    "model-name": undefined,
    "dataset-name": undefined,
    revision: undefined,
    "auth-secret": "ngc-api-secret",
    "alt-secret": "hf-api-secret",
  },
};

test.each([
  ["nimservice", NIM_SERVICE_FIELDS, SEED.nimservice],
  ["nimcache", NIM_CACHE_FIELDS, SEED.nimcache],
] as const)("every flag of the seed for %s is there, with its default", (_, fields: readonly SpecField[], seed) => {
  const names = Object.keys(seed);
  const found = fields.filter(({ flag }) => names.includes(flag)).map(({ flag, fallback }) => [flag, fallback]);
  expect(Object.fromEntries(found)).toEqual(seed);
  expect(found).toHaveLength(names.length);
});
