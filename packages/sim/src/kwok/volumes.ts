import { listAt, textAt, valueAt } from "@slipway/base";
import {
  inform,
  isAlreadyExists,
  isNotFound,
  RESOURCES,
  type KubeApi,
  type KubeObject,
  type Resource,
} from "@slipway/kube";

const PROVISIONER = "sim.slipway.dev/volumes";
const VOLUMES: Resource = {
  group: "",
  version: "v1",
  plural: "persistentvolumes",
  kind: "PersistentVolume",
  namespaced: false,
};

/** A storage class whose claims {@link provideVolumes} serves. */
export function storageClass(name: string, { isDefault = false } = {}): KubeObject {
  const annotations = isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {};
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations },
    provisioner: PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
  };
}

/** Volumes are made for claims until `signal` is aborted. */
export interface VolumeProvider {
  /** Done when it has ended. */
  readonly ended: Promise<void>;
}

/** Makes a volume for each claim of a class that {@link storageClass} made, as the driver of a storage would. */
export function provideVolumes(api: KubeApi, { signal }: { readonly signal: AbortSignal }): VolumeProvider {
  const work: Promise<void>[] = [];
  const claims = inform(api, RESOURCES.persistentVolumeClaims, {
    signal,
    onChange: ({ type, object }) => {
      work.push((type === "deleted" ? remove : provide)(api, object, signal).catch(() => undefined));
    },
  });
  return { ended: claims.ended.then(async () => void (await Promise.all(work))) };
}

async function provide(api: KubeApi, claim: KubeObject, signal: AbortSignal): Promise<void> {
  const name = textAt(claim, "spec", "storageClassName");
  const { uid = "", namespace = "" } = claim.metadata;
  if (name === "" || textAt(claim, "spec", "volumeName") !== "") return;
  const owner = await api.get(RESOURCES.storageClasses, name, { signal }).catch(ignored(isNotFound));
  if (textAt(owner, "provisioner") !== PROVISIONER) return;
  const volume: KubeObject = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `pvc-${uid}`, annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER } },
    spec: {
      accessModes: listAt(claim, "spec", "accessModes"),
      capacity: { storage: textAt(claim, "spec", "resources", "requests", "storage") },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: claim.metadata.name ?? "", namespace, uid },
      hostPath: { path: `/var/lib/sim/${uid}` },
      persistentVolumeReclaimPolicy: valueAt(owner, "reclaimPolicy") ?? "Delete",
      storageClassName: name,
    },
  };
  await api.create(VOLUMES, volume, { signal }).catch(ignored(isAlreadyExists));
}

async function remove(api: KubeApi, { metadata }: KubeObject, signal: AbortSignal): Promise<void> {
  await api.delete(VOLUMES, `pvc-${metadata.uid}`, { signal }).catch(ignored(isNotFound));
}

function ignored(expected: (error: unknown) => boolean): (error: unknown) => undefined {
  return (error) => {
    if (!expected(error)) throw error;
    return undefined;
  };
}
