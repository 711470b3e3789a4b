import { expect, test } from "vitest";
import { manifestText, profilesOf, readManifest, selectedProfiles } from "./manifest.ts";

const PROFILES = profilesOf("meta/llama3-8b-instruct", "1.0.3");

test("a model has a dozen profiles, each with a hash of its own, which a manifest keeps", () => {
  expect(PROFILES).toHaveLength(12);
  expect(new Set(PROFILES.map(({ id }) => id)).size).toBe(12);
  const text = manifestText(PROFILES, "nvcr.io/nim/meta/llama3-8b-instruct:1.0.3");
  expect(readManifest(text)).toEqual(PROFILES);
});

const ids = PROFILES.map(({ id }) => id);

test.each([
  ["nothing: all without LoRA", {}, 11],
  ["GPUs", { gpus: [{ product: "h100" }, { product: "a100" }] }, 6],
  ["a GPU that no profile is for", { gpus: [{ product: "t4" }] }, 0],
  ["a precision", { precision: "fp8" }, 5],
  ["an engine, as its flag spells it", { engine: "tensorrt_llm" }, 9],
  ["an engine of one word", { engine: "vllm" }, 2],
  ["parallelism and GPU", { tensorParallelism: "2", gpus: [{ product: "H100" }] }, 2],
  ["a goal", { qosProfile: "latency" }, 4],
  ["LoRA", { lora: true }, 1],
  ["two by name", { profiles: ids.slice(3, 5) }, 2],
  ["all", { profiles: ["all"] }, 12],
])("a cache that asks for %s", (_, model, count) => {
  expect(selectedProfiles(model, PROFILES)).toHaveLength(count);
});
