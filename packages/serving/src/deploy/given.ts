import type { CacheFlag } from "../spec/cache-fields.ts";
import type { Given } from "../spec/field.ts";
import type { ServiceFlag } from "../spec/service-fields.ts";
import type { CacheSourcePlan, DeployPlan, VolumePlan } from "./plan.ts";

/** What `kubectl nim create nimservice` would be given for the service of a plan; its defaults are left out. */
export function serviceGiven(plan: DeployPlan): Given<ServiceFlag> {
  const { model, image, gpus, pullSecret, serviceSecret, tokenSecret } = plan;
  return {
    "image-repository": [image.repository],
    tag: [image.tag],
    "pull-secrets": [pullSecret],
    "auth-secret": [serviceSecret],
    ...(model.kind === "download"
      ? { env: [environmentText(model.modelUrl, tokenSecret)], ...volumeGiven(model.volume) }
      : { "nimcache-storage-name": [model.name] }),
    "gpu-limit": [gpus],
  };
}

/** What `kubectl nim create nimcache` would be given for the cache of a plan. */
export function cacheGiven(plan: DeployPlan, source: CacheSourcePlan, volume: VolumePlan): Given<CacheFlag> {
  const { image, pullSecret, cacheSecret } = plan;
  return {
    ...(source.kind === "ngc"
      ? { "nim-source": ["ngc"], "ngc-model-endpoint": [source.modelUrl], "auth-secret": [cacheSecret] }
      : {
          "nim-source": [source.kind === "hf" ? "huggingface" : "nemodatastore"],
          "alt-endpoint": [source.endpoint],
          "alt-namespace": [source.namespace],
          "model-name": [source.modelName],
          "alt-secret": [cacheSecret],
        }),
    "model-puller": [`${image.repository}:${image.tag}`],
    "pull-secret": [pullSecret],
    ...volumeGiven(volume),
  };
}

/** With a token there is the form of the seed only: name, value, name, secret's name. */
function environmentText(modelUrl: string, tokenSecret: string): string {
  return tokenSecret === "" ? `NIM_MODEL_NAME=${modelUrl}` : `NIM_MODEL_NAME,${modelUrl},HF_TOKEN,${tokenSecret}`;
}

function volumeGiven({
  storageClass,
  size,
}: VolumePlan): Given<"pvc-create" | "pvc-size" | "pvc-volume-access-mode" | "pvc-storage-class"> {
  return {
    "pvc-create": ["true"],
    "pvc-size": [size],
    "pvc-volume-access-mode": ["ReadWriteOnce"],
    ...(storageClass === "" ? {} : { "pvc-storage-class": [storageClass] }),
  };
}
