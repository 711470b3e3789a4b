import { NIM_CACHE_FIELDS } from "@slipway/serving/spec";
import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { CREATE_FLAGS } from "../flags/create-flags.ts";
import { specFlags } from "../flags/spec-flags.ts";

/** `kubectl nim create nimcache`. */
export function createNimCacheCommand(deps: NimDeps): Command {
  const flags = specFlags(deps, NIM_CACHE_FIELDS);
  return {
    description:
      "Creates a NIMCache: a volume that a model is loaded into once, for any number of services. Everything is checked before " +
      "anything is sent.",
    args: [{ name: "NAME", summary: "name of the cache", required: false }],
    flags: [...flags, ...Object.values(CREATE_FLAGS)],
    examples: [
      {
        meaning: "the profiles of a NIM for two kinds of GPUs",
        command:
          "kubectl nim create nimcache llama-cache --nim-source=ngc --model-puller=nvcr.io/nim/meta/llama-3.1-8b-instruct:1.3.3 --gpus=h100,a100 --pvc-create=true --pvc-size=200Gi",
      },
      {
        meaning: "a model for a universal NIM",
        command:
          "kubectl nim create nimcache nemo-cache --nim-source=ngc --ngc-model-endpoint=ngc://nvidia/nemo/llama-3.1-8b-base:1.0 --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12 --pvc-create=true --pvc-size=100Gi",
      },
      {
        meaning: "a model of Hugging Face",
        command:
          "kubectl nim create nimcache hf-cache --nim-source=huggingface --alt-endpoint=https://huggingface.co --alt-namespace=meta-llama --model-name=Llama-2-7b-chat-hf --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12 --pvc-storage-name=models",
      },
    ],
    run: async (context) => (await import("./run-create.ts")).createNimCache(deps, context, flags),
  };
}
