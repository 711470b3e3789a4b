import { RESOURCES, type Resource } from "@slipway/kube";
import { NIM_RESOURCES } from "../resources.ts";

/** A file with all objects of a kind. */
export interface ListFile {
  readonly path: string;
  readonly resource: Resource;
}

function kind(group: string, version: string, plural: string, name: string): Resource {
  return { group, version, plural, kind: name, namespaced: name !== "PersistentVolume" };
}

const INGRESSES = kind("networking.k8s.io", "v1", "ingresses", "Ingress");
const AUTOSCALERS = kind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler");
const VOLUMES = kind("", "v1", "persistentvolumes", "PersistentVolume");

/** What belongs to no namespace. */
export const CLUSTER_LISTS: readonly ListFile[] = [
  { path: "storage/storageclasses.yaml", resource: RESOURCES.storageClasses },
  { path: "storage/persistentvolumes.yaml", resource: VOLUMES },
  { path: "cluster/runtimeclasses.yaml", resource: RESOURCES.runtimeClasses },
];

/** What every area with workloads has, below its folder. */
const WORKLOAD_LISTS: readonly ListFile[] = [
  { path: "deployments.yaml", resource: RESOURCES.deployments },
  { path: "replicasets.yaml", resource: RESOURCES.replicaSets },
  { path: "jobs.yaml", resource: RESOURCES.jobs },
  { path: "services.yaml", resource: RESOURCES.services },
];

const CLAIMS: ListFile = { path: "pvcs.yaml", resource: RESOURCES.persistentVolumeClaims };
const INGRESS: ListFile = { path: "ingress/ingress.yaml", resource: INGRESSES };

/** Lists below `operator/`. */
export const OPERATOR_LISTS: readonly ListFile[] = WORKLOAD_LISTS;

/** Lists below `nim/`; the names of the first five are those of the operator's own script. */
export const NIM_LISTS: readonly ListFile[] = [
  { path: "nimcaches.yaml", resource: NIM_RESOURCES.nimCaches },
  { path: "nimservices.yaml", resource: NIM_RESOURCES.nimServices },
  { path: "nimpipelines.yaml", resource: NIM_RESOURCES.nimPipelines },
  CLAIMS,
  INGRESS,
  { path: "nimbuilds.yaml", resource: NIM_RESOURCES.nimBuilds },
  { path: "inferenceservices.yaml", resource: NIM_RESOURCES.inferenceServices },
  { path: "horizontalpodautoscalers.yaml", resource: AUTOSCALERS },
  { path: "statefulsets.yaml", resource: RESOURCES.statefulSets },
  { path: "secrets.yaml", resource: RESOURCES.secrets },
  ...WORKLOAD_LISTS,
];

/** Lists below `nemo/`. */
export const NEMO_LISTS: readonly ListFile[] = [
  ...[
    NIM_RESOURCES.nemoCustomizers,
    NIM_RESOURCES.nemoDatastores,
    NIM_RESOURCES.nemoEntitystores,
    NIM_RESOURCES.nemoEvaluators,
    NIM_RESOURCES.nemoGuardrails,
  ].map((resource) => ({ path: `${resource.plural}.apps.nvidia.com.yaml`, resource })),
  CLAIMS,
  INGRESS,
  { path: "secrets.yaml", resource: RESOURCES.secrets },
  ...WORKLOAD_LISTS,
];

/** Definitions of the operator's kinds, and of the one that it makes objects of. */
export const DEFINITIONS: readonly string[] = Object.values(NIM_RESOURCES).map(
  ({ plural, group }) => `${plural}.${group}`,
);

/** `nimservices.apps.nvidia.com`, `pods`. */
export function resourceName({ plural, group }: Resource): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** A name from the cluster as part of a path: nothing in it leads elsewhere. */
export function fileName(name: string): string {
  const isOrdinary = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && name.length <= 253;
  return isOrdinary
    ? name
    : `_${encodeURIComponent(name.toWellFormed())
        .replaceAll(/[^A-Za-z0-9%]/g, "_")
        .slice(0, 200)}`;
}
