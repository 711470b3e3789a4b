import {
  SlipwayError,
  cursorOf,
  entries,
  enter,
  isTreeMap,
  items,
  optionalMap,
  optionalText,
  parseYamlAsText,
  requiredText,
  type Cursor,
  type Tree,
} from "@slipway/base";

/** A way in which a model can be served: with which engine and precision, on which GPUs, on how many. */
export interface ModelProfile {
  /** Hash by which caches and services name it. */
  readonly id: string;
  readonly model: string;
  readonly release: string;
  /** Where the list says it. */
  readonly image: string;
  /** `tensorrt_llm`, `vllm`, `sglang`, …; empty where no tag tells it. */
  readonly engine: string;
  readonly precision: string;
  /** GPUs that share each layer. */
  readonly tensorParallelism: number;
  /** Groups of GPUs that take layers in turn. */
  readonly pipelineParallelism: number;
  /** A part of the product's name; empty: any GPU. */
  readonly gpu: string;
  readonly gpuDevice: string;
  /** Pattern for the product's name, where a list has that in place of {@link gpu}. */
  readonly productPattern: string;
  readonly lora: boolean;
  /** `latency` or `throughput`. */
  readonly qosProfile: string;
}

/**
 * Reads `model_manifest.yaml`. Its first form is a map from the hash to `{model, release, tags, container_url}`, its second
 * has `schema_version: 2.x` and a list `profiles` of `{id, tags}`.
 *
 * @param file name for messages
 * @throws SlipwayError INVALID_INPUT with file and field for what is neither; TOO_LARGE for what is too much
 */
export function parseManifest(text: string, file: string): readonly ModelProfile[] {
  const document = parseYamlAsText(text, file);
  try {
    return profilesOf(document);
  } catch (error) {
    throw error instanceof SlipwayError ? error.at({ file }) : error;
  }
}

function profilesOf(document: Tree): readonly ModelProfile[] {
  if (!isTreeMap(document)) throw noManifest();
  const root = cursorOf(document);
  const version = optionalText(enter(root, "schema_version"));
  if (version === undefined) return entries(root).map(([id, entry]) => profileOf(id, entry));
  if (!/^2(\.|$)/.test(version))
    throw new SlipwayError("INVALID_INPUT", `expected version 2 or none, found ${version}`, {
      place: { field: "schema_version" },
    });
  return items(enter(root, "profiles")).map((entry) => profileOf(requiredText(enter(entry, "id")), entry));
}

function noManifest(): SlipwayError {
  return new SlipwayError("INVALID_INPUT", "expected a list of model profiles (model_manifest.yaml)", {
    hint: "Its first form maps each hash to model, release and tags; its second has schema_version and profiles.",
  });
}

function profileOf(id: string, entry: Cursor): ModelProfile {
  if (optionalMap(entry) === undefined)
    throw new SlipwayError("INVALID_INPUT", "expected a profile with tags, found nothing", {
      place: { field: entry.field },
    });
  const tags = enter(entry, "tags");
  return {
    id,
    model: optionalText(enter(entry, "model")) ?? "",
    release: optionalText(enter(entry, "release")) ?? "",
    image: optionalText(enter(entry, "container_url")) ?? "",
    ...traitsOf((name) => optionalText(enter(tags, name)) ?? ""),
  };
}

/** What tags say, whether they come from a list or from the status of a cache. */
export function traitsOf(tag: (name: string) => string): Omit<ModelProfile, "id" | "model" | "release" | "image"> {
  return {
    engine: tag("llm_engine") || tag("backend"),
    precision: tag("precision"),
    tensorParallelism: countOf(tag("tp")),
    pipelineParallelism: countOf(tag("pp")),
    gpu: tag("gpu"),
    gpuDevice: tag("gpu_device"),
    productPattern: tag("product_name_regex"),
    lora: tag("feat_lora").toLowerCase() === "true",
    qosProfile: tag("profile"),
  };
}

/** Without the tag, one. */
function countOf(text: string): number {
  const count = Number(text);
  return /^\d+$/.test(text) && count > 0 && count < 100_000 ? count : 1;
}
