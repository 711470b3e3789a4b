import { mapAt, messageOf, type TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { NIM_KINDS, type NimKind } from "@slipway/serving";
import { GENERATIONS } from "@slipway/sim";
import { beforeAll, describe, expect, test } from "vitest";
import { testPrograms } from "../control-plane.ts";
import { origins } from "./definitions.ts";
import { TEST_MS, nimWorld, type NimWorld } from "./world.ts";

const IMAGE = { repository: "nvcr.io/nim/meta/llama3-8b-instruct", tag: "1.0.3" };
const SERVICE = { image: IMAGE, authSecret: "ngc-api-secret", storage: { pvc: { name: "models" } } };
const NGC = { authSecret: "ngc-api-secret", modelPuller: "nvcr.io/nim/nvidia/llm-nim:1.12" };
const HUB = { ...NGC, endpoint: "https://huggingface.co", namespace: "meta", pullSecret: "ngc-secret" };
const scaled = (hpa: TreeMap, more: TreeMap = {}): TreeMap => ({ ...SERVICE, scale: { enabled: true, hpa }, ...more });
const cacheOf = (source: TreeMap): TreeMap => ({ source, storage: { pvc: { name: "models" } } });
const BOTH = "spec.replicas cannot be set when spec.scale.enabled is true";

/** What the server says to a spec on 3.0, 3.1 and the newest: nothing where it takes it. */
const CASES: readonly (readonly [
  title: string,
  kind: NimKind,
  spec: TreeMap,
  said: readonly [string, string, string],
])[] = [
  ["no more than is needed", "NIMService", SERVICE, ["", "", ""]],
  [
    "no secret",
    "NIMService",
    { image: IMAGE },
    ["spec.authSecret: Required value", "spec.authSecret: Required value", ""],
  ],
  ["no image", "NIMService", { authSecret: "x" }, each("spec.image: Required value")],
  ["an empty tag", "NIMService", { ...SERVICE, image: { ...IMAGE, tag: "" } }, ["", "", ""]],
  ["another platform", "NIMService", { ...SERVICE, inferencePlatform: "ray" }, each('Unsupported value: "ray"')],
  ["a misspelt pull policy", "NIMService", { ...SERVICE, image: { ...IMAGE, pullPolicy: "Alway" } }, ["", "", ""]],
  ["port 0", "NIMService", { ...SERVICE, expose: { service: { port: 0 } } }, each("greater than or equal to 1")],
  [
    "a word for GPUs",
    "NIMService",
    { ...SERVICE, resources: { limits: { gpu: "two" } } },
    each("spec.resources.limits"),
  ],
  ["no replicas at all", "NIMService", { ...SERVICE, replicas: 0 }, ["greater than or equal to 1", "", ""]],
  ["replicas and a scaler", "NIMService", scaled({ maxReplicas: 3 }, { replicas: 1 }), ["", BOTH, BOTH]],
  ["a scaler without a most", "NIMService", scaled({ minReplicas: 1 }), each("maxReplicas: Required value")],
  [
    "a scaler down to none",
    "NIMService",
    scaled({ minReplicas: 0, maxReplicas: 2 }),
    ["", "minReplicas", "minReplicas"],
  ],
  [
    "a scaler whose least is more than its most",
    "NIMService",
    scaled({ minReplicas: 9, maxReplicas: 2 }),
    ["", "", ""],
  ],
  [
    "a scaler of many nodes",
    "NIMService",
    scaled(
      { maxReplicas: 2 },
      { multiNode: { parallelism: { tensor: 8, pipeline: 2 }, mpi: { mpiStartTimeout: 300 } } },
    ),
    each("autoScaling must be nil or disabled when multiNode is set"),
  ],
  ["a router at the top", "NIMService", { ...SERVICE, router: {} }, each('unknown field "spec.router"')],
  [
    "a router in its place",
    "NIMService",
    { ...SERVICE, expose: { router: {} } },
    ['unknown field "spec.expose.router"', "", ""],
  ],
  ["a priority", "NIMService", { ...SERVICE, priorityClassName: "x" }, ['"spec.priorityClassName"', "", ""]],
  ["a model of NGC", "NIMCache", cacheOf({ ngc: { ...NGC, model: {} } }), ["", "", ""]],
  ["no source", "NIMCache", cacheOf({}), each("Exactly one of ngc, dataStore, or hf must be defined")],
  [
    "two sources",
    "NIMCache",
    cacheOf({ ngc: NGC, hf: { ...HUB, modelName: "x" } }),
    each("Exactly one of ngc, dataStore, or hf must be defined"),
  ],
  ["no storage", "NIMCache", { source: { ngc: NGC } }, each("spec.storage: Required value")],
  [
    "a model and an endpoint",
    "NIMCache",
    cacheOf({ ngc: { ...NGC, model: {}, modelEndpoint: "ngc://x" } }),
    each("Only one of 'model' or 'modelEndpoint' can be specified"),
  ],
  ["no puller", "NIMCache", cacheOf({ ngc: { authSecret: "x" } }), each("modelPuller: Required value")],
  ["a model of a hub", "NIMCache", cacheOf({ hf: { ...HUB, modelName: "llama" } }), ["", "", ""]],
  [
    "a model and a dataset",
    "NIMCache",
    cacheOf({ hf: { ...HUB, modelName: "llama", datasetName: "squad" } }),
    each("Exactly one of modelName or datasetName must be defined"),
  ],
  [
    "an odd endpoint",
    "NIMCache",
    cacheOf({ hf: { ...HUB, endpoint: "hf.co", modelName: "x" } }),
    each("spec.source.hf.endpoint"),
  ],
  [
    "a data store at the wrong path",
    "NIMCache",
    cacheOf({ dataStore: { ...HUB, modelName: "x" } }),
    each("spec.source.dataStore.endpoint"),
  ],
  ["an empty revision", "NIMCache", cacheOf({ hf: { ...HUB, modelName: "x", revision: "" } }), each("revision")],
  [
    "a word for memory",
    "NIMCache",
    { ...cacheOf({ ngc: NGC }), resources: { memory: "much" } },
    each("resources.memory"),
  ],
];

function each(said: string): readonly [string, string, string] {
  return [said, said, said];
}

/** What the server adds to a service that says as little as it may. */
const DEFAULTS = [
  { ...SERVICE, inferencePlatform: "standalone", replicas: 1 },
  { ...SERVICE, inferencePlatform: "standalone" },
  { ...SERVICE, inferencePlatform: "standalone" },
];

const found = await origins();

describe.skipIf((await testPrograms()) === undefined).each(found)(
  "definitions that are %s",
  { timeout: TEST_MS },
  (origin) => {
    describe.each(GENERATIONS)("of release %s", (generation) => {
      let world: NimWorld;
      let namespace: string;
      const index = GENERATIONS.indexOf(generation);

      beforeAll(async () => {
        world = await nimWorld(generation, origin);
        ({ namespace } = await world.place());
      }, TEST_MS);

      async function dryRun(kind: NimKind, spec: TreeMap): Promise<KubeObject> {
        const object = { apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata: { name: "x" }, spec };
        const options = { namespace, dryRun: true, fieldValidation: "Strict" } as const;
        return await world.client.create(NIM_KINDS[kind].resource, object, options);
      }

      test.each(CASES)("%s", async (_, kind, spec, said) => {
        const answer = await dryRun(kind, spec).then(() => "", messageOf);
        expect(answer).toContain(said[index]);
        expect(answer === "").toBe(said[index] === "");
      });

      test("what they add", async () => {
        expect(mapAt(await dryRun("NIMService", SERVICE), "spec")).toEqual(DEFAULTS[index]);
        const cache = cacheOf({ ngc: NGC });
        expect(mapAt(await dryRun("NIMCache", cache), "spec")).toEqual(cache);
      });
    });
  },
);
