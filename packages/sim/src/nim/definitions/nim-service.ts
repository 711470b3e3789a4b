import { BOOLEAN, OPEN, QUANTITY, TEXT, TEXTS, TEXT_MAP, list, object, port, text } from "./schema.ts";
import type { Rule, Schema } from "./schema.ts";
import { CLAIM, CONDITIONS, CONTAINERS, ENVIRONMENT, ID, IMAGE, PROBE, PROXY, TOLERATIONS, count } from "./shared.ts";
import type { Generation } from "./generation.ts";

const FIXED_CLAIMS: Rule = {
  rule: "(has(self.draResources) && has(oldSelf.draResources) && self.draResources == oldSelf.draResources) || (!has(self.draResources) && !has(oldSelf.draResources))",
  message: "spec.draResources is immutable",
};
const NO_SCALING_OF_MANY_NODES: Rule = {
  rule: "!(has(self.multiNode) && has(self.scale) && has(self.scale.enabled) && self.scale.enabled)",
  message: "autoScaling must be nil or disabled when multiNode is set",
};
const REPLICAS_OR_SCALING: Rule = {
  rule: "!(has(self.scale) && has(self.scale.enabled) && self.scale.enabled && has(self.replicas))",
  message: "spec.replicas cannot be set when spec.scale.enabled is true",
};
const INGRESS_OR_ROUTER: Rule = {
  rule: "!(has(self.expose) && has(self.expose.ingress) && has(self.expose.ingress.enabled) && self.expose.ingress.enabled && has(self.expose.router) && has(self.expose.router.ingress))",
  message:
    ".spec.expose.ingress is deprecated, and will be removed in a future release. If .spec.expose.ingress is set, please do not set .spec.expose.router.ingress.",
};
const GATEWAY_OR_INGRESS: Rule = {
  rule: "!(has(self.gateway) && has(self.ingress))",
  message: "ingress and gateway cannot be specified together",
};

const RESOURCES = object({
  claims: list(object({ name: TEXT, request: TEXT }, { required: ["name"] })),
  limits: { type: "object", additionalProperties: QUANTITY },
  requests: { type: "object", additionalProperties: QUANTITY },
});

/** What a NIMService may say. */
export function nimServiceSpec(generation: Generation): Schema {
  const isFirst = generation === "3.0";
  const rules = [FIXED_CLAIMS, NO_SCALING_OF_MANY_NODES];
  return object(
    {
      annotations: TEXT_MAP,
      args: TEXTS,
      authSecret: TEXT,
      command: TEXTS,
      draResources: list(object({ requests: TEXTS, resourceClaimName: TEXT, resourceClaimTemplateName: TEXT })),
      env: ENVIRONMENT,
      expose: exposeOf(isFirst),
      groupID: ID,
      image: IMAGE,
      inferencePlatform: text({ enum: ["standalone", "kserve"], default: "standalone" }),
      labels: TEXT_MAP,
      livenessProbe: PROBE,
      metrics: object({ enabled: BOOLEAN, serviceMonitor: OPEN }),
      multiNode: multiNodeOf(),
      nodeSelector: TEXT_MAP,
      podAffinity: OPEN,
      proxy: PROXY,
      readinessProbe: PROBE,
      replicas: isFirst ? { ...count(1), default: 1 } : count(0),
      resources: RESOURCES,
      runtimeClassName: TEXT,
      scale: scaleOf(isFirst),
      schedulerName: TEXT,
      startupProbe: PROBE,
      storage: storageOf(isFirst),
      tolerations: TOLERATIONS,
      userID: ID,
      ...(isFirst
        ? {}
        : { affinity: OPEN, initContainers: CONTAINERS, priorityClassName: TEXT, sidecarContainers: CONTAINERS }),
    },
    {
      required: generation === "head" ? ["image"] : ["authSecret", "image"],
      rules: isFirst ? rules : [...rules, REPLICAS_OR_SCALING, INGRESS_OR_ROUTER],
    },
  );
}

function exposeOf(isFirst: boolean): Schema {
  const service = {
    annotations: TEXT_MAP,
    grpcPort: port(),
    metricsPort: port(),
    name: TEXT,
    port: port({ default: 8000 }),
    type: TEXT,
  };
  const ingress = object({ annotations: TEXT_MAP, enabled: BOOLEAN, spec: OPEN });
  if (isFirst) return object({ ingress, service: object(service) });
  const router = object(
    { annotations: TEXT_MAP, eppConfig: OPEN, gateway: OPEN, hostDomainName: TEXT, ingress: OPEN },
    { rules: [GATEWAY_OR_INGRESS] },
  );
  return object({ ingress, router, service: object({ ...service, labels: TEXT_MAP }) });
}

function multiNodeOf(): Schema {
  return object(
    {
      backendType: text({ enum: ["lws"], default: "lws" }),
      parallelism: object({ pipeline: count(1), tensor: count(1) }),
      mpi: OPEN,
    },
    { required: ["parallelism"] },
  );
}

function scaleOf(isFirst: boolean): Schema {
  const minReplicas = isFirst ? count() : { ...count(1), default: 1 };
  const hpa = { maxReplicas: count(), minReplicas, metrics: list(OPEN), behavior: OPEN };
  return object({ annotations: TEXT_MAP, enabled: BOOLEAN, hpa: object(hpa, { required: ["maxReplicas"] }) });
}

function storageOf(isFirst: boolean): Schema {
  return object({
    ...(isFirst ? {} : { emptyDir: object({ sizeLimit: QUANTITY }) }),
    hostPath: TEXT,
    nimCache: object({ name: TEXT, profile: TEXT }),
    pvc: CLAIM,
    readOnly: BOOLEAN,
    sharedMemorySizeLimit: QUANTITY,
  });
}

/** What is told of a NIMService. */
export function nimServiceStatus(): Schema {
  const names = ["clusterEndpoint", "externalEndpoint", "name"];
  return object({
    availableReplicas: count(),
    conditions: CONDITIONS,
    model: object({ clusterEndpoint: TEXT, externalEndpoint: TEXT, name: TEXT }, { required: names }),
    state: TEXT,
  });
}
