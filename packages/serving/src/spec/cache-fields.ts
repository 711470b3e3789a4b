import type { SpecField } from "./field.ts";
import { METADATA_FIELDS, POD_FIELDS, VOLUME_FIELDS } from "./shared-fields.ts";

const SOURCE = "Source";
const NGC = "Model of NGC";
const HUB = "Model of a hub (huggingface, nemodatastore)";
const RESOURCES = "Resources of the job";

const SOURCE_FIELDS = [
  {
    flag: "nim-source",
    field: "spec.source",
    type: "choice",
    choices: ["ngc", "huggingface", "nemodatastore"],
    anyCase: true,
    placeholder: "SOURCE",
    help: "where the model comes from",
    group: SOURCE,
  },
  {
    flag: "model-puller",
    field: "spec.source.*.modelPuller",
    type: "text",
    placeholder: "IMAGE",
    help: "image that loads the model, such as nvcr.io/nim/meta/llama-3.1-8b-instruct:1.3.3",
    group: SOURCE,
  },
  {
    flag: "pull-secret",
    field: "spec.source.*.pullSecret",
    type: "name",
    fallback: "ngc-secret",
    placeholder: "NAME",
    help: "Secret that this image is pulled with",
    group: SOURCE,
    source: "secrets",
  },
] as const satisfies readonly SpecField[];

/** What narrows down which profiles of a model are cached: all but `profiles` itself, which names them. */
export const MODEL_FIELDS = [
  {
    flag: "precision",
    field: "spec.source.ngc.model.precision",
    type: "text",
    placeholder: "PRECISION",
    help: "precision of the weights, such as fp16 or fp8",
    group: NGC,
  },
  {
    flag: "engine",
    field: "spec.source.ngc.model.engine",
    type: "choice",
    choices: ["tensorrt_llm", "vllm"],
    placeholder: "ENGINE",
    help: "what runs the model",
    group: NGC,
  },
  {
    flag: "tensor-parallelism",
    field: "spec.source.ngc.model.tensorParallelism",
    type: "count",
    least: 1,
    placeholder: "COUNT",
    help: "GPUs that share a model",
    group: NGC,
  },
  {
    flag: "qos-profile",
    field: "spec.source.ngc.model.qosProfile",
    type: "choice",
    choices: ["throughput", "latency"],
    placeholder: "PROFILE",
    help: "what the profile is optimised for",
    group: NGC,
  },
  {
    flag: "gpus",
    field: "spec.source.ngc.model.gpus[].product",
    type: "list",
    placeholder: "PRODUCTS",
    help: "GPUs that the profile is made for, such as h100,l40s",
    group: NGC,
  },
  {
    flag: "lora",
    field: "spec.source.ngc.model.lora",
    type: "boolean",
    placeholder: "BOOLEAN",
    help: "only profiles with, or without, LoRA adapters",
    group: NGC,
  },
  {
    flag: "buildable",
    field: "spec.source.ngc.model.buildable",
    type: "boolean",
    placeholder: "BOOLEAN",
    help: "only profiles that can, or cannot, be built for the GPUs at hand",
    group: NGC,
  },
] as const satisfies readonly SpecField[];

const NGC_FIELDS = [
  {
    flag: "auth-secret",
    field: "spec.source.ngc.authSecret",
    type: "name",
    fallback: "ngc-api-secret",
    placeholder: "NAME",
    help: "Secret with the NGC_API_KEY",
    group: NGC,
    source: "secrets",
  },
  {
    flag: "ngc-model-endpoint",
    field: "spec.source.ngc.modelEndpoint",
    type: "text",
    placeholder: "URL",
    help: "model for a universal NIM, such as ngc://nvidia/nemo/llama-3.1-8b-base:1.0",
    group: NGC,
  },
  {
    flag: "profiles",
    field: "spec.source.ngc.model.profiles",
    type: "list",
    placeholder: "IDS",
    help: "profiles to cache, or all; the flags below it then do not count",
    group: NGC,
  },
  ...MODEL_FIELDS,
] as const satisfies readonly SpecField[];

const HUB_FIELDS = [
  {
    flag: "alt-endpoint",
    field: "spec.source.hf.endpoint",
    type: "text",
    placeholder: "URL",
    help: "address of the hub: https://huggingface.co, or a NeMo Data Store's that ends in /v1/hf",
    group: HUB,
  },
  {
    flag: "alt-namespace",
    field: "spec.source.hf.namespace",
    type: "text",
    placeholder: "NAME",
    help: "organisation on the hub, such as meta-llama",
    group: HUB,
  },
  {
    flag: "alt-secret",
    field: "spec.source.hf.authSecret",
    type: "name",
    fallback: "hf-api-secret",
    placeholder: "NAME",
    help: "Secret with the HF_TOKEN",
    group: HUB,
    source: "secrets",
  },
  {
    flag: "model-name",
    field: "spec.source.hf.modelName",
    type: "text",
    placeholder: "NAME",
    help: "model to cache, without its organisation",
    group: HUB,
  },
  {
    flag: "dataset-name",
    field: "spec.source.hf.datasetName",
    type: "text",
    placeholder: "NAME",
    help: "dataset to cache, in place of a model",
    group: HUB,
  },
  {
    flag: "revision",
    field: "spec.source.hf.revision",
    type: "text",
    placeholder: "REVISION",
    help: "commit, branch or tag of it",
    group: HUB,
  },
] as const satisfies readonly SpecField[];

const JOB_FIELDS = [
  {
    flag: "resources-cpu",
    aliases: ["cpu"],
    field: "spec.resources.cpu",
    type: "quantity",
    placeholder: "CPU",
    help: "CPUs that the job asks for, such as 4",
    group: RESOURCES,
  },
  {
    flag: "resources-memory",
    aliases: ["memory"],
    field: "spec.resources.memory",
    type: "quantity",
    placeholder: "SIZE",
    help: "memory that the job asks for, such as 16Gi",
    group: RESOURCES,
  },
] as const satisfies readonly SpecField[];

/** All that `create nimcache` can say, in the order of its help. */
export const NIM_CACHE_FIELDS = [
  ...SOURCE_FIELDS,
  ...NGC_FIELDS,
  ...HUB_FIELDS,
  ...VOLUME_FIELDS,
  ...JOB_FIELDS,
  ...POD_FIELDS,
  ...METADATA_FIELDS,
] as const satisfies readonly SpecField[];

/** The flags of a NIMCache. */
export type CacheFlag = (typeof NIM_CACHE_FIELDS)[number]["flag"];

/** The flags that only one source understands. */
export const NGC_ONLY: readonly CacheFlag[] = NGC_FIELDS.map(({ flag }) => flag).filter(
  (flag) => flag !== "auth-secret",
);
/** As {@link NGC_ONLY}, for hubs. */
export const HUB_ONLY: readonly CacheFlag[] = HUB_FIELDS.map(({ flag }) => flag);
