import { SlipwayError } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseManifest } from "./manifest.ts";

const PLAIN = {
  model: "",
  release: "",
  image: "",
  engine: "",
  precision: "",
  tensorParallelism: 1,
  pipelineParallelism: 1,
  gpu: "",
  gpuDevice: "",
  productPattern: "",
  lora: false,
  qosProfile: "",
};

test("the first form", () => {
  const text = `
03fdb4d11f01:
  model: meta/llama-3.1-8b-instruct
  release: 1.10
  container_url: nvcr.io/nim/meta/llama-3.1-8b-instruct:1.10
  tags: {llm_engine: tensorrt_llm, precision: fp8, tp: '2', pp: 1, gpu: H100, gpu_device: "2330:10de", profile: latency, feat_lora: 'false'}
8a2b: {tags: {backend: vllm, feat_lora: true, product_name_regex: "H100.*"}}
9c: {}
`;
  expect(parseManifest(text, "manifest.yaml")).toEqual([
    {
      id: "03fdb4d11f01",
      model: "meta/llama-3.1-8b-instruct",
      release: "1.10",
      image: "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.10",
      engine: "tensorrt_llm",
      precision: "fp8",
      tensorParallelism: 2,
      pipelineParallelism: 1,
      gpu: "H100",
      gpuDevice: "2330:10de",
      productPattern: "",
      lora: false,
      qosProfile: "latency",
    },
    { ...PLAIN, id: "8a2b", engine: "vllm", lora: true, productPattern: "H100.*" },
    { ...PLAIN, id: "9c" },
  ]);
});

test("the second form", () => {
  const text = `
schema_version: 2.0
profiles:
  - id: 03fd
    tags: {llm_engine: vllm, tp: 99999999999, pp: x}
`;
  expect(parseManifest(text, "m")).toEqual([{ ...PLAIN, id: "03fd", engine: "vllm" }]);
});

test.each([
  [
    "",
    "m: expected a list of model profiles (model_manifest.yaml)\nIts first form maps each hash to model, release and tags; its second has schema_version and profiles.",
  ],
  [
    "- a\n",
    "m: expected a list of model profiles (model_manifest.yaml)\nIts first form maps each hash to model, release and tags; its second has schema_version and profiles.",
  ],
  ["a: b\n", "m: a: expected a map, found text"],
  ["a:\n", "m: a: expected a map, found text"],
  ["a: {tags: [x]}\n", "m: a.tags: expected a map, found a list"],
  ["schema_version: 3.0\nprofiles: []\n", "m: schema_version: expected version 2 or none, found 3.0"],
  ["schema_version: 2.0\nprofiles: {a: 1}\n", "m: profiles: expected a list, found a map"],
  ["schema_version: 2.0\nprofiles: [{tags: {}}]\n", "m: profiles[0].id: must be given and not be empty"],
  ["a: {tags: {tp: {x: 1}}}\n", "m: a.tags.tp: expected text, found a map"],
  ["a: {b: c: d}\n", "m:1:9: not valid YAML: missed comma between flow collection entries"],
  ["__proto__: {tags: {}}\n", 'm:1:1: not valid YAML: the key "__proto__" is not allowed'],
  ["a: &a [*a]\n", "m: an alias refers to the value that it is part of"],
  [`${"[".repeat(200)}\n`, "m:1:100: not valid YAML: nesting exceeded maxDepth (100)"],
  ["a\n".repeat(200_001), "m: the document has more than 200000 lines"],
])("what is no list: %#", (text, message) => {
  expect(errorOf(() => parseManifest(text, "m")).describe()).toBe(message);
});

test("no text makes anything but a list or an error", () => {
  const outcome = (text: string): unknown => {
    try {
      return parseManifest(text, "m").length >= 0;
    } catch (error) {
      return error instanceof SlipwayError || error;
    }
  };
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(outcome(text)).toBe(true);
    }),
  );
});
