import { listAt, mapAt, textAt, valueAt, type TreeMap } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { MANIFEST_KEY, OPERATOR_NAME, cacheJobName, cacheManifestName, cachePodName } from "@slipway/serving";
import { ownedBy, type Labels } from "../context.ts";
import { MESSAGE_ANNOTATION, PLAY_ANNOTATION, type Play } from "../script.ts";

const MANAGED = { "app.kubernetes.io/managed-by": OPERATOR_NAME };
/** Name of the account of all caches of a namespace. */
const ACCOUNT = "nim-cache-sa";
const CONTAINER = "nim-cache-ctr";
const MODEL_STORE = "/model-store";
/** Where a caching job goes unless the cache says otherwise. */
const NODES = { "feature.node.kubernetes.io/pci-10de.present": "true" };

/** Labels of the pods of a cache. None of them says of which instance. */
function podLabels(cache: KubeObject): Labels {
  return { app: OPERATOR_NAME, "app.kubernetes.io/name": nameOf(cache), ...MANAGED };
}

function objectLabels(cache: KubeObject): Labels {
  return {
    ...podLabels(cache),
    "app.kubernetes.io/instance": nameOf(cache),
    "app.kubernetes.io/part-of": "nim-cache",
  };
}

/** The account under which caches of a namespace are filled, its role and its binding. */
export function cacheAccount(namespace: string): Readonly<Record<"account" | "role" | "binding", KubeObject>> {
  const metadata = (name: string): KubeObject["metadata"] => ({
    name,
    namespace,
    labels: { app: OPERATOR_NAME, ...MANAGED },
  });
  const rbac = "rbac.authorization.k8s.io";
  return {
    account: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: ACCOUNT, namespace, labels: MANAGED } },
    role: {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata: metadata("nim-cache-role"),
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
    },
    binding: {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: metadata("nim-cache-rolebinding"),
      roleRef: { apiGroup: rbac, kind: "Role", name: "nim-cache-role" },
      subjects: [{ kind: "ServiceAccount", name: ACCOUNT, namespace }],
    },
  };
}

/** Name of the claim that holds the model. */
export function claimName(cache: KubeObject): string {
  return textAt(cache, "spec", "storage", "pvc", "name") || `${nameOf(cache)}-pvc`;
}

/** The claim of a cache or a service, from what it says of it (`spec.storage.pvc`). */
export function claimOf(owner: KubeObject, name: string, labels: Labels): KubeObject {
  const pvc = mapAt(owner, "spec", "storage", "pvc");
  const storageClassName = textAt(pvc, "storageClass");
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: ownedBy(owner, { name, labels }),
    spec: {
      accessModes: [textAt(pvc, "volumeAccessMode") || "ReadWriteMany"],
      resources: { requests: { storage: textAt(pvc, "size") } },
      ...(storageClassName === "" ? {} : { storageClassName }),
    },
  };
}

/** The claim that a cache has made. */
export function cacheClaim(cache: KubeObject): KubeObject {
  return claimOf(cache, claimName(cache), objectLabels(cache));
}

/** What pulls the model: an image and the secrets that it needs. */
export function pullerOf(cache: KubeObject): { readonly image: string; readonly auth: string; readonly pull: string } {
  const source = sourceOf(cache);
  return {
    image: textAt(source, "modelPuller"),
    auth: textAt(source, "authSecret"),
    pull: textAt(source, "pullSecret"),
  };
}

function sourceOf(cache: KubeObject): TreeMap {
  const source = mapAt(cache, "spec", "source");
  const kind = ["ngc", "hf", "dataStore"].find((name) => valueAt(source, name) !== undefined) ?? "ngc";
  return mapAt(source, kind);
}

/** Whether the profiles of an image are to be read before anything is pulled: it holds one model, and serves it. */
export function hasManifest(cache: KubeObject): boolean {
  const ngc = valueAt(cache, "spec", "source", "ngc");
  return ngc !== undefined && textAt(ngc, "modelEndpoint") === "";
}

function podSpec(cache: KubeObject, args: readonly string[], play: Play | undefined): TreeMap {
  const { image, auth, pull } = pullerOf(cache);
  const resources = mapAt(cache, "spec", "resources");
  const requests = play === "unschedulable" ? { ...resources, "nvidia.com/gpu": "64" } : resources;
  const nodeSelector = mapAt(cache, "spec", "nodeSelector");
  const runtimeClassName = textAt(cache, "spec", "runtimeClassName");
  return {
    restartPolicy: "Never",
    serviceAccountName: ACCOUNT,
    securityContext: { runAsUser: 1000, runAsGroup: 2000, fsGroup: 2000, runAsNonRoot: true },
    nodeSelector: Object.keys(nodeSelector).length === 0 ? NODES : nodeSelector,
    tolerations: listAt(cache, "spec", "tolerations"),
    ...(runtimeClassName === "" ? {} : { runtimeClassName }),
    ...(pull === "" ? {} : { imagePullSecrets: [{ name: pull }] }),
    containers: [
      {
        name: CONTAINER,
        image,
        args,
        env: [{ name: "NIM_CACHE_PATH", value: MODEL_STORE }, ...listAt(cache, "spec", "env")],
        ...(auth === "" ? {} : { envFrom: [{ secretRef: { name: auth } }] }),
        resources: { requests, limits: play === "unschedulable" ? { "nvidia.com/gpu": "64" } : {} },
        volumeMounts: [{ name: "nim-cache-volume", mountPath: MODEL_STORE }],
      },
    ],
    volumes: [{ name: "nim-cache-volume", persistentVolumeClaim: { claimName: claimName(cache) } }],
  };
}

/** Annotations that tell the kubelet what to play. */
export function played(play: Play | undefined, message: string): Labels {
  return play === undefined ? {} : { [PLAY_ANNOTATION]: play, [MESSAGE_ANNOTATION]: message };
}

/** The pod that prints the profiles of an image, and goes again. */
export function manifestPod(cache: KubeObject, annotations: Labels): KubeObject {
  const { volumes: _, ...spec } = podSpec(cache, ["cat", "/opt/nim/etc/default/model_manifest.yaml"], undefined);
  const containers = listAt(spec, "containers").map((container) => ({ ...mapAt(container), volumeMounts: [] }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: ownedBy(cache, { name: cachePodName(nameOf(cache)), labels: podLabels(cache), annotations }),
    spec: { ...spec, containers },
  };
}

/** The ConfigMap with the profiles of an image. */
export function manifestMap(cache: KubeObject, text: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: ownedBy(cache, { name: cacheManifestName(nameOf(cache)), labels: objectLabels(cache) }),
    data: { [MANIFEST_KEY]: text },
  };
}

const FAILING: ReadonlySet<Play> = new Set(["fail", "crash", "out-of-memory"]);

/** The Job that fills the claim. */
export function cacheJob(
  cache: KubeObject,
  options: { readonly args: readonly string[]; readonly play: Play | undefined; readonly message: string },
): KubeObject {
  const { args, play, message } = options;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: ownedBy(cache, { name: cacheJobName(nameOf(cache)) }),
    spec: {
      // Its real 5 would take minutes until a Job that fails has failed.
      backoffLimit: play !== undefined && FAILING.has(play) ? 0 : 5,
      ttlSecondsAfterFinished: 600,
      template: {
        metadata: { labels: podLabels(cache), annotations: played(play, message) },
        spec: podSpec(cache, args, play),
      },
    },
  };
}

/** What the container of the Job is told, by the source of the model. */
export function pullArguments(cache: KubeObject, profiles: readonly string[]): readonly string[] {
  const source = sourceOf(cache);
  const endpoint = textAt(source, "modelEndpoint");
  if (endpoint !== "") return ["create-model-store", "--model-repo", endpoint, "--model-store", MODEL_STORE];
  if (hasManifest(cache)) return ["download-to-cache", "--profiles", ...profiles];
  const thing = textAt(source, "modelName") || textAt(source, "datasetName");
  return ["huggingface-cli", "download", `${textAt(source, "namespace")}/${thing}`, "--local-dir", MODEL_STORE];
}
