import type { SecretKey } from "./needed-secrets.ts";
import type { CacheSourcePlan, DeployPlan, VolumePlan } from "./plan.ts";

/** Words of a command line, not quoted yet. */
export type Words = readonly string[];

/**
 * The command lines that make the same objects without a question. Flags that say what they say anyway are left out.
 *
 * @param secrets what is made along, by whose key it is, with the environment variable that would hold the key
 * @param place flags that say which cluster and namespace is meant
 */
export function deployCommands(plan: DeployPlan, secrets: readonly KeyCommand[], place: Words): readonly Words[] {
  const { model } = plan;
  const keys = secrets.map((secret) => keyCommand(secret, place));
  const cache =
    model.kind === "cache"
      ? [
          [
            "kubectl",
            "nim",
            "create",
            "nimcache",
            model.name,
            ...place,
            ...sourceFlags(plan, model.source),
            ...volumeFlags(model.volume),
          ],
        ]
      : [];
  return [...keys, ...cache, ["kubectl", "nim", "create", "nimservice", plan.name, ...place, ...serviceFlags(plan)]];
}

/** The secrets of a key. */
export interface KeyCommand {
  readonly owner: "ngc" | "hf";
  readonly variable: string;
  /** What the secrets are called, by their use. */
  readonly names: Readonly<Partial<Record<SecretKey, string>>>;
}

function keyCommand({ owner, variable, names }: KeyCommand, place: Words): Words {
  const { pullSecret: pull, authSecret, altSecret } = names;
  const key = owner === "ngc" ? authSecret : altSecret;
  const name = key === undefined ? [] : [key];
  const whose = ["kubectl", "nim", "secret", owner, ...name, ...place];
  return [...whose, ...(owner === "ngc" ? partFlags(pull, key) : []), `--from-env=${variable}`];
}

/** A key of NGC is kept twice, unless only one of the two is wanted. */
function partFlags(pull: string | undefined, key: string | undefined): Words {
  if (pull === undefined) return ["--only=api"];
  return [...(key === undefined ? ["--only=pull"] : []), `--pull-secret=${pull}`];
}

function serviceFlags(plan: DeployPlan): Words {
  const { model, image, gpus, pullSecret, serviceSecret, tokenSecret } = plan;
  const storage = model.kind === "download" ? volumeFlags(model.volume) : [`--nimcache-storage-name=${model.name}`];
  const environment = model.kind === "download" ? [environmentFlag(model.modelUrl, tokenSecret)] : [];
  return [
    `--image-repository=${image.repository}`,
    `--tag=${image.tag}`,
    `--pull-secrets=${pullSecret}`,
    `--auth-secret=${serviceSecret}`,
    ...environment,
    ...storage,
    `--gpu-limit=${gpus}`,
  ];
}

/** With a token there is the form of the seed only: name, value, name, secret's name. */
function environmentFlag(modelUrl: string, tokenSecret: string): string {
  const model = `NIM_MODEL_NAME=${modelUrl}`;
  return tokenSecret === "" ? `--env=${model}` : `--env=NIM_MODEL_NAME,${modelUrl},HF_TOKEN,${tokenSecret}`;
}

function sourceFlags({ image, pullSecret, cacheSecret }: DeployPlan, source: CacheSourcePlan): Words {
  const puller = `--model-puller=${image.repository}:${image.tag}`;
  const pull = `--pull-secret=${pullSecret}`;
  if (source.kind === "ngc")
    return [
      "--nim-source=ngc",
      `--ngc-model-endpoint=${source.modelUrl}`,
      puller,
      pull,
      `--auth-secret=${cacheSecret}`,
    ];
  return [
    `--nim-source=${source.kind === "hf" ? "huggingface" : "nemodatastore"}`,
    `--alt-endpoint=${source.endpoint}`,
    `--alt-namespace=${source.namespace}`,
    `--model-name=${source.modelName}`,
    puller,
    pull,
    `--alt-secret=${cacheSecret}`,
  ];
}

function volumeFlags({ storageClass, size }: VolumePlan): Words {
  const named = storageClass === "" ? [] : [`--pvc-storage-class=${storageClass}`];
  return ["--pvc-create=true", `--pvc-size=${size}`, "--pvc-volume-access-mode=ReadWriteOnce", ...named];
}
