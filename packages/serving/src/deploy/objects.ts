import type { TreeMap } from "@slipway/base";
import { apiVersionOf, type KubeObject } from "@slipway/kube";
import { GPU_RESOURCE } from "../gpus/gpu-nodes.ts";
import { NIM_KINDS, type NimKind } from "../resources.ts";
import type { CacheSourcePlan, DeployPlan, VolumePlan } from "./plan.ts";

/** The objects of a plan in the order in which they are made: a cache before the service that waits for it. */
export function deployObjects(plan: DeployPlan): readonly KubeObject[] {
  const { model } = plan;
  const cache = model.kind === "cache" ? [cacheObject(plan, model.name, model.source, model.volume)] : [];
  return [...cache, serviceObject(plan)];
}

function serviceObject(plan: DeployPlan): KubeObject {
  const { model, image, pullSecret, serviceSecret, gpus } = plan;
  return nimObject("NIMService", plan, plan.name, {
    image: {
      repository: image.repository,
      tag: image.tag,
      pullPolicy: "IfNotPresent",
      pullSecrets: [pullSecret],
    },
    authSecret: serviceSecret,
    ...(model.kind === "download" ? { env: environmentOf(model.modelUrl, plan.tokenSecret) } : {}),
    storage: model.kind === "download" ? { pvc: claimOf(model.volume) } : { nimCache: { name: model.name } },
    resources: { limits: { [GPU_RESOURCE]: gpus } },
    expose: { service: { type: "ClusterIP", port: 8000 } },
    replicas: 1,
    inferencePlatform: "standalone",
  });
}

function environmentOf(modelUrl: string, tokenSecret: string): readonly TreeMap[] {
  const model = { name: "NIM_MODEL_NAME", value: modelUrl };
  if (tokenSecret === "") return [model];
  const secretKeyRef = { name: tokenSecret, key: "HF_TOKEN", optional: true };
  return [model, { name: "HF_TOKEN", valueFrom: { secretKeyRef } }];
}

function cacheObject(plan: DeployPlan, name: string, source: CacheSourcePlan, volume: VolumePlan): KubeObject {
  const { image, pullSecret, cacheSecret: authSecret } = plan;
  const common = { authSecret, modelPuller: `${image.repository}:${image.tag}`, pullSecret };
  return nimObject("NIMCache", plan, name, {
    source:
      source.kind === "ngc"
        ? { ngc: { ...common, modelEndpoint: source.modelUrl } }
        : {
            [source.kind]: {
              endpoint: source.endpoint,
              namespace: source.namespace,
              modelName: source.modelName,
              ...common,
            },
          },
    storage: { pvc: claimOf(volume) },
  });
}

function claimOf({ storageClass, size }: VolumePlan): TreeMap {
  const named = storageClass === "" ? {} : { storageClass };
  return { create: true, ...named, size, volumeAccessMode: "ReadWriteOnce" };
}

function nimObject(kind: NimKind, { namespace }: DeployPlan, name: string, spec: TreeMap): KubeObject {
  return { apiVersion: apiVersionOf(NIM_KINDS[kind].resource), kind, metadata: { name, namespace }, spec };
}
