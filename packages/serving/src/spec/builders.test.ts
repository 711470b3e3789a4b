import {
  SlipwayError,
  isTreeList,
  isTreeMap,
  mapAt,
  valueAt,
  type ErrorCode,
  type Tree,
  type TreeMap,
} from "@slipway/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NIM_CACHE_FIELDS, type CacheFlag } from "./cache-fields.ts";
import { buildNimCache } from "./cache-object.ts";
import type { Given, SpecField } from "./field.ts";
import { NIM_SERVICE_FIELDS, type ServiceFlag } from "./service-fields.ts";
import { buildNimService } from "./service-object.ts";
import { checkObjectName } from "./nim-object.ts";

const AT = { name: "x", namespace: "nim" };

const NAME = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const SIZE = fc
  .tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom("Mi", "Gi", "Ti"))
  .map((parts) => parts.join(""));
const COUNT = fc.integer({ min: 1, max: 20 }).map(String);
const one = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> => arbitrary.map((text) => [text]);

const SERVICE_STORAGE: fc.Arbitrary<Given<ServiceFlag>> = fc.oneof(
  fc.record({ "nimcache-storage-name": one(NAME) }),
  fc.record({ "nimcache-storage-name": one(NAME), "nimcache-storage-profile": one(NAME) }),
  fc.record({ "pvc-storage-name": one(NAME) }),
  fc.record({ "pvc-create": one(fc.constantFrom("true", "T", "1")), "pvc-size": one(SIZE) }),
  fc.record({ emptydir: one(SIZE) }),
  fc.record({ "host-path": one(fc.constant("/models")) }),
);

const SERVICE_REST: fc.Arbitrary<Given<ServiceFlag>> = fc.record(
  {
    "pull-policy": one(fc.constantFrom("Always", "IfNotPresent", "Never")),
    "pull-secrets": fc.array(NAME, { minLength: 1, maxLength: 3 }),
    "auth-secret": one(fc.oneof(NAME, fc.constant(""))),
    "service-port": one(COUNT),
    "service-type": one(fc.constantFrom("ClusterIP", "NodePort")),
    replicas: one(COUNT),
    "gpu-limit": one(fc.oneof(COUNT, fc.constant("auto"))),
    cpu: one(COUNT),
    memory: one(SIZE),
    env: fc.constant(["A=b", "C=d,e"]),
    "node-selector": fc.constant(["gpu=h100,zone=a"]),
    toleration: fc.constant(["a:NoSchedule"]),
    labels: fc.constant(["app=llm"]),
    "scale-max-replicas": one(fc.constantFrom("20", "30", "-1")),
  },
  { requiredKeys: [] },
);

function hasEmpty(value: Tree): boolean {
  if (isTreeList(value)) return value.length === 0 || value.some(hasEmpty);
  return isTreeMap(value) && (Object.keys(value).length === 0 || Object.values(value).some(hasEmpty));
}

test("a service has one kind of storage, replicas or autoscaling, and nothing empty, whatever is asked", () => {
  fc.assert(
    fc.property(SERVICE_STORAGE, SERVICE_REST, (storage, rest) => {
      const image: Given<ServiceFlag> = { "image-repository": ["nvcr.io/nim/a"], tag: ["1"] };
      const { object } = buildNimService({ ...AT, given: { ...image, ...storage, ...rest } });
      const isScaled = valueAt(object, "spec", "scale", "enabled") === true;
      expect(Object.keys(mapAt(object, "spec", "storage"))).toHaveLength(1);
      expect(valueAt(object, "spec", "replicas") === undefined).toBe(isScaled);
      expect(valueAt(object, "spec", "authSecret")).toBeTypeOf("string");
      expect(mapAt(object, "spec", "expose", "service")).toEqual({
        type: expect.any(String),
        port: expect.any(Number),
      });
      expect(hasEmpty(object)).toBe(false);
    }),
  );
});

const CACHE_SOURCE: fc.Arbitrary<Given<CacheFlag>> = fc.oneof(
  fc.record({ "nim-source": one(fc.constantFrom("ngc", "NGC")), "model-puller": one(fc.constant("a:1")) }),
  fc.record({
    "nim-source": one(fc.constant("ngc")),
    "model-puller": one(fc.constant("a:1")),
    precision: one(NAME),
    gpus: fc.array(NAME, { minLength: 1, maxLength: 3 }),
    lora: one(fc.constantFrom("true", "F")),
  }),
  fc.record({
    "nim-source": one(fc.constant("HuggingFace")),
    "model-puller": one(fc.constant("a:1")),
    "alt-endpoint": one(fc.constant("https://huggingface.co")),
    "alt-namespace": one(NAME),
    "model-name": one(NAME),
  }),
);

test("a cache has one source, one kind of storage, and nothing empty, whatever is asked", () => {
  const storage: fc.Arbitrary<Given<CacheFlag>> = fc.oneof(
    fc.record({ "pvc-storage-name": one(NAME) }),
    fc.record({ "pvc-create": one(fc.constant("true")), "pvc-size": one(SIZE), "pvc-storage-name": one(NAME) }),
  );
  fc.assert(
    fc.property(CACHE_SOURCE, storage, (source, volume) => {
      const { object } = buildNimCache({ ...AT, given: { ...source, ...volume } });
      expect(Object.keys(mapAt(object, "spec", "source"))).toHaveLength(1);
      expect(Object.keys(mapAt(object, "spec", "storage"))).toEqual(["pvc"]);
      expect(hasEmpty(object)).toBe(false);
    }),
  );
});

/** What becomes of values: the labels of the object, or the code of the refusal. */
function outcome(given: Given<ServiceFlag>): TreeMap | ErrorCode {
  try {
    return mapAt(buildNimService({ ...AT, given }).object, "metadata", "labels");
  } catch (error) {
    if (error instanceof SlipwayError) return error.code;
    throw error;
  }
}

test("hostile values are refused, or end in an object with the prototype of all objects", () => {
  const any = fc.dictionary(
    fc.constantFrom(...NIM_SERVICE_FIELDS.map(({ flag }) => flag)),
    fc.array(fc.oneof(fc.string(), fc.constantFrom("__proto__=1", "constructor=", "\u001b[2J", "-1", "1e999999999"))),
  );
  fc.assert(
    fc.property(any, (given) => {
      const seen = outcome(given);
      const isRefused = typeof seen === "string";
      expect(isRefused ? seen : Object.getPrototypeOf(seen)).toBe(isRefused ? "USAGE" : Object.prototype);
    }),
  );
});

test("values that only look hostile are stored as they are", () => {
  fc.assert(
    fc.property(SERVICE_STORAGE, fc.constantFrom("constructor", "toString", "a.b/hasOwnProperty"), (storage, key) => {
      const given = { "image-repository": ["nvcr.io/nim/a"], tag: ["1"], ...storage, labels: [`${key}=1`] };
      expect(outcome(given)).toEqual({ [key]: "1" });
    }),
  );
  const hostile = { "image-repository": ["nvcr.io/nim/a"], tag: ["1"], emptydir: ["1Gi"], labels: ["__proto__=1"] };
  expect(outcome(hostile)).toBe("USAGE");
});

test.each([
  ["services", NIM_SERVICE_FIELDS],
  ["caches", NIM_CACHE_FIELDS],
])(
  "each field of %s is there once, with help, and a fallback that it takes itself",
  (_, fields: readonly SpecField[]) => {
    const names = fields.flatMap(({ flag, aliases = [] }) => [flag, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    for (const { choices, fallback, help, group } of fields) {
      expect(help === "" || group === "").toBe(false);
      expect(fallback === undefined || choices === undefined || choices.includes(fallback)).toBe(true);
    }
  },
);

test("names of services are those of Services; caches may have dots", () => {
  expect(() => checkObjectName("NIMService", "a.b")).toThrow("cannot be the name of a NIMService");
  expect(checkObjectName("NIMCache", "a.b")).toBeUndefined();
  expect(() => checkObjectName("NIMCache", "A")).toThrow("cannot be the name of a NIMCache");
});
