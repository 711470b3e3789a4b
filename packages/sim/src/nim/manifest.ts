import { createHash } from "node:crypto";
import { isTreeMap, listAt, parseYaml, textAt, valueAt, writeYaml, type Tree } from "@slipway/base";
import { textMapAt } from "./text-map.ts";

/** A way in which a model can be served: what decides on which GPUs, and how. */
export interface Profile {
  /** Hash by which a service names it. */
  readonly id: string;
  readonly model: string;
  readonly release: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** GPU, its name on a node's label, precision, tensor parallelism, what it is made for. */
const BUILDS = [
  ["H100", "fp8", "1", "throughput"],
  ["H100", "fp8", "2", "latency"],
  ["H100", "bf16", "2", "throughput"],
  ["H100", "bf16", "4", "latency"],
  ["H200", "fp8", "1", "throughput"],
  ["A100", "bf16", "1", "throughput"],
  ["A100", "bf16", "4", "latency"],
  ["L40S", "fp8", "1", "throughput"],
  ["L40S", "fp8", "2", "latency"],
] as const;

/** PCI ids of the GPUs, as tags hold them. */
const DEVICES: Readonly<Record<string, string>> = {
  H100: "2330:10de",
  H200: "2335:10de",
  A100: "20b2:10de",
  L40S: "26b9:10de",
};

/** A dozen profiles of a model: engines built for a GPU, and three that run on any. */
export function profilesOf(model: string, release: string): readonly Profile[] {
  const built = BUILDS.map(([gpu, precision, tp, goal]) => ({
    llm_engine: "tensorrt_llm",
    gpu,
    gpu_device: DEVICES[gpu] ?? "",
    precision,
    tp,
    pp: "1",
    profile: goal,
    feat_lora: "false",
  }));
  const generic = [
    { llm_engine: "vllm", precision: "bf16", tp: "1", pp: "1", feat_lora: "false" },
    { llm_engine: "vllm", precision: "bf16", tp: "2", pp: "1", feat_lora: "false" },
    { llm_engine: "vllm", precision: "bf16", tp: "1", pp: "1", feat_lora: "true" },
  ];
  return [...built, ...generic].map((tags) => {
    const id = createHash("sha256")
      .update(JSON.stringify([model, release, tags]))
      .digest("hex");
    return { id, model, release, tags };
  });
}

/** The list of profiles as an image holds it (model_manifest.yaml, its first form). */
export function manifestText(profiles: readonly Profile[], image: string): string {
  const entries = profiles.map(({ id, model, release, tags }) => [
    id,
    { model, release, tags, container_url: image, workspace: {} },
  ]);
  return writeYaml(Object.fromEntries(entries));
}

/** The profiles of a list that {@link manifestText} wrote. */
export function readManifest(text: string): readonly Profile[] {
  const map = parseYaml(text);
  return Object.entries(isTreeMap(map) ? map : {}).map(([id, entry]) => ({
    id,
    model: textAt(entry, "model"),
    release: textAt(entry, "release"),
    tags: textMapAt(entry, "tags"),
  }));
}

/** The profiles that a cache asks for: those it names, else those that fit what it says of the model. */
export function selectedProfiles(model: Tree | undefined, profiles: readonly Profile[]): readonly Profile[] {
  const named = listAt(model, "profiles").map(String);
  if (named.includes("all")) return profiles;
  if (named.length > 0) return profiles.filter(({ id }) => named.includes(id));
  const wantsLora = valueAt(model, "lora") === true;
  return profiles.filter(({ tags }) => wantsLora === (tags["feat_lora"] === "true") && fits(model, tags));
}

function fits(model: Tree | undefined, tags: Profile["tags"]): boolean {
  const wanted = [
    ["precision", textAt(model, "precision"), tags["precision"]],
    ["tp", textAt(model, "tensorParallelism"), tags["tp"]],
    ["profile", textAt(model, "qosProfile"), tags["profile"]],
  ] as const;
  const engine = textAt(model, "engine").replace(/_llm$/, "");
  const gpus = listAt(model, "gpus").map((gpu) => textAt(gpu, "product").toLowerCase());
  const gpu = tags["gpu"]?.toLowerCase();
  return (
    wanted.every(([, value, tag]) => value === "" || value === tag) &&
    (engine === "" || (tags["llm_engine"] ?? "").includes(engine)) &&
    (gpus.length === 0 || (gpu !== undefined && gpus.some((product) => gpu.includes(product))))
  );
}
