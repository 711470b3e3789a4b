import type { SpecField } from "./field.ts";

const STORAGE = "Storage";
const PODS = "Pods";
const METADATA = "Metadata";

/** Access modes of volumes (Kubernetes, PersistentVolumeClaim `spec.accessModes`). */
const ACCESS_MODES = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"] as const;

/** How a volume is asked for; the same for services and caches. */
export const VOLUME_FIELDS = [
  {
    flag: "pvc-storage-name",
    field: "spec.storage.pvc.name",
    type: "name",
    placeholder: "NAME",
    help: "PersistentVolumeClaim that holds the model; with --pvc-create, what the new one is called",
    group: STORAGE,
    source: "persistentVolumeClaims",
  },
  {
    flag: "pvc-create",
    field: "spec.storage.pvc.create",
    type: "switch",
    fallback: "false",
    placeholder: "BOOLEAN",
    help: "have the operator make the PersistentVolumeClaim",
    group: STORAGE,
  },
  {
    flag: "pvc-size",
    field: "spec.storage.pvc.size",
    type: "quantity",
    placeholder: "SIZE",
    help: "size of the new PersistentVolumeClaim, such as 50Gi",
    group: STORAGE,
  },
  {
    flag: "pvc-volume-access-mode",
    field: "spec.storage.pvc.volumeAccessMode",
    type: "choice",
    choices: ACCESS_MODES,
    fallback: "ReadWriteMany",
    placeholder: "MODE",
    help: "access mode of the new PersistentVolumeClaim",
    group: STORAGE,
  },
  {
    flag: "pvc-storage-class",
    field: "spec.storage.pvc.storageClass",
    type: "name",
    placeholder: "NAME",
    help: "StorageClass of the new PersistentVolumeClaim, in place of the cluster's default",
    group: STORAGE,
    source: "storageClasses",
  },
  {
    flag: "host-path",
    field: "spec.storage.hostPath",
    type: "text",
    placeholder: "PATH",
    help: "folder of the node that holds the model",
    group: STORAGE,
  },
] as const satisfies readonly SpecField[];

/** Where pods run, and as whom. */
export const POD_FIELDS = [
  {
    flag: "env",
    field: "spec.env[KEY].value",
    type: "entries",
    placeholder: "KEY=VALUE",
    help: "environment variable of the container",
    group: PODS,
  },
  {
    flag: "env-secret",
    field: "spec.env[KEY].valueFrom.secretKeyRef",
    type: "entries",
    placeholder: "KEY=SECRET/KEY",
    help: "environment variable with what a Secret holds under a key",
    group: PODS,
  },
  {
    flag: "node-selector",
    field: "spec.nodeSelector.KEY",
    type: "list",
    placeholder: "KEY=VALUE",
    help: "only nodes with these labels",
    group: PODS,
  },
  {
    flag: "toleration",
    aliases: ["tolerations"],
    field: "spec.tolerations[]",
    type: "list",
    placeholder: "KEY[=VALUE][:EFFECT]",
    help: "nodes with these taints too",
    group: PODS,
  },
  {
    flag: "runtime-class",
    field: "spec.runtimeClassName",
    type: "name",
    placeholder: "NAME",
    help: "RuntimeClass of the pods, such as nvidia",
    group: PODS,
    source: "runtimeClasses",
  },
  {
    flag: "user-id",
    field: "spec.userID",
    type: "count",
    least: 0,
    placeholder: "UID",
    help: "user that the container runs as",
    group: PODS,
  },
  {
    flag: "group-id",
    field: "spec.groupID",
    type: "count",
    least: 0,
    placeholder: "GID",
    help: "group that the container runs as",
    group: PODS,
  },
] as const satisfies readonly SpecField[];

/** What the object says about itself. */
export const METADATA_FIELDS = [
  {
    flag: "labels",
    aliases: ["label"],
    field: "metadata.labels.KEY",
    type: "list",
    placeholder: "KEY=VALUE",
    help: "labels of the object, for -l",
    group: METADATA,
  },
  {
    flag: "annotations",
    aliases: ["annotation"],
    field: "metadata.annotations.KEY",
    type: "entries",
    placeholder: "KEY=VALUE",
    help: "annotation of the object",
    group: METADATA,
  },
] as const satisfies readonly SpecField[];
