import { NIM_RESOURCES } from "@slipway/serving";
import type { KubeObject, Resource } from "@slipway/kube";
import type { TreeMap } from "@slipway/base";
import type { Generation } from "./definitions/generation.ts";
import { nimCacheSpec, nimCacheStatus } from "./definitions/nim-cache.ts";
import { nimServiceSpec, nimServiceStatus } from "./definitions/nim-service.ts";
import { OPEN, TEXT, object, type Schema } from "./definitions/schema.ts";

const AGE = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
const STATUS = { name: "Status", type: "string", jsonPath: ".status.state" };
const PVC = { name: "PVC", type: "string", jsonPath: ".status.pvc" };

/**
 * Custom resource definitions of NIMCache and NIMService in our own words: the fields that people set, and the defaults,
 * limits and rules by which the operator's own definitions of that release accept or refuse an object.
 */
export function nimDefinitions(generation: Generation): readonly KubeObject[] {
  const columns = [STATUS, AGE];
  return [
    definition(NIM_RESOURCES.nimCaches, [STATUS, PVC, AGE], nimCacheSpec(generation), nimCacheStatus(generation)),
    definition(NIM_RESOURCES.nimServices, columns, nimServiceSpec(generation), nimServiceStatus()),
  ];
}

/** A definition of KServe's InferenceService that takes whatever is written into it. */
export function inferenceServiceDefinition(): KubeObject {
  return definition(NIM_RESOURCES.inferenceServices, [AGE], OPEN, OPEN);
}

function definition(resource: Resource, columns: readonly TreeMap[], spec: Schema, status: Schema): KubeObject {
  const { group, version, plural, kind } = resource;
  const singular = kind.toLowerCase();
  const schema = object({ apiVersion: TEXT, kind: TEXT, metadata: { type: "object" }, spec, status });
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular },
      scope: "Namespaced",
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          additionalPrinterColumns: [...columns],
          schema: { openAPIV3Schema: schema },
          subresources: { status: {} },
        },
      ],
    },
  };
}
