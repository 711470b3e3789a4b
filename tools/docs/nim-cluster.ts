/**
 * A cluster for the page of kubectl nim: GPU nodes, storage, the operator, a service that runs on a cache, a service whose image
 * cannot be pulled, and a model server behind the first.
 */
import { textAt, type TreeMap } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { startCluster, type Cluster } from "@slipway/kube/testing";
import { NIM_RESOURCES } from "@slipway/serving";
import { gpuNodes, manifestText, nimDefinitions, profilesOf, startModelServer, storageClass } from "@slipway/sim";

/** The cluster of a page, and how it ends. */
export interface NimDocsCluster {
  readonly cluster: Cluster;
  close(): Promise<void>;
}

const NAMESPACE = "nim";
const REPOSITORY = "nvcr.io/nim/meta/llama-3.1-8b-instruct";
const MODEL = "meta/llama-3.1-8b-instruct";
/** The first profile of the model, which the cache holds. */
const [{ id: PROFILE } = { id: "" }] = profilesOf(MODEL, "1.3.3");
const HOUR_MS = 3_600_000;

/** Starts it; everything in it is as old as objects are by the afternoon. */
export async function startNimDocsCluster(): Promise<NimDocsCluster> {
  const cluster = await startCluster({
    namespaces: [NAMESPACE, "team-a", "nim-operator", "gpu-operator"],
    contextNamespace: NAMESPACE,
    resources: Object.values(NIM_RESOURCES),
    unsettled: ["Pod", "Deployment", "Job"],
  });
  const models = await startModelServer({ models: [MODEL], tokensPerSecond: 1000 });
  for (const object of [...groundOf(), ...filledCache(), ...runningService(), ...brokenService()])
    cluster.put(ownedIn(cluster, object));
  cluster.scripts.forward = () => models.port;
  for (const [pod, lines] of Object.entries(LOGS))
    cluster.log(NAMESPACE, pod).write(lines.map((line) => `${line}\n`).join(""));
  return {
    cluster,
    close: async () => {
      await cluster.close();
      await models.close();
    },
  };
}

const LOGS: Readonly<Record<string, readonly string[]>> = {
  "llama-6d4cf56db6-x7k2p": [
    '{"level": "INFO", "message": "Serving model meta/llama-3.1-8b-instruct"}',
    '{"level": "INFO", "message": "GET /v1/health/ready 200"}',
  ],
  "k8s-nim-operator-7c9d5b6f48-p4mzt": ['{"level":"info","msg":"Starting workers"}'],
};

/** An object with the service of its name as its owner, if there is one: so the operator makes them. */
function ownedIn(cluster: Cluster, object: KubeObject): KubeObject {
  const owner = cluster
    .objects("NIMService", NAMESPACE)
    .find((service) => object.kind !== "NIMService" && textAt(service, "metadata", "name") === nameOf(object));
  if (owner === undefined) return object;
  const uid = textAt(owner, "metadata", "uid");
  const reference = { apiVersion: NIM_API, kind: "NIMService", name: nameOf(object), uid, controller: true };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [reference] } };
}

/** When something happened so many hours ago. */
function ago(hours: number): string {
  return new Date(Date.now() - hours * HOUR_MS).toISOString().replace(/\.\d+/, "");
}

/** What is said of an object beside its name. */
interface Described {
  readonly apiVersion?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Hours since it was made. */
  readonly age?: number;
}

function named(kind: string, name: string, content: TreeMap, described: Described = {}): KubeObject {
  const { apiVersion = "v1", namespace = NAMESPACE, labels = {}, age = 20 } = described;
  return { apiVersion, kind, metadata: { name, namespace, labels, creationTimestamp: ago(age) }, ...content };
}

/** Nodes, storage, definitions, the operator, secrets. */
function groundOf(): readonly KubeObject[] {
  const operator = { "app.kubernetes.io/name": "k8s-nim-operator", "control-plane": "controller-manager" };
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return [
    ...gpuNodes({ count: 2, model: "h100" }),
    ...nimDefinitions("head").map((definition) => ({ ...definition, status: ESTABLISHED })),
    storageClass("standard", { isDefault: true }),
    storageClass("nfs-storage"),
    { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: "nvidia" }, handler: "nvidia" },
    named(
      "Pod",
      "k8s-nim-operator-7c9d5b6f48-p4mzt",
      {
        spec: { containers: [{ name: "manager", image: "nvcr.io/nvidia/cloud-native/k8s-nim-operator:v3.1.2" }] },
        status: runs("manager"),
      },
      { namespace: "nim-operator", labels: operator },
    ),
    named("Secret", "ngc-api-secret", { type: "Opaque", data: { NGC_API_KEY: base64("nvapi-docs") } }),
    named("Secret", "ngc-secret", {
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": base64('{"auths":{"nvcr.io":{"auth":"JG9hdXRodG9rZW46bnZhcGktZG9jcw=="}}}') },
    }),
  ];
}

const ESTABLISHED = { conditions: [{ type: "Established", status: "True" }] };

function runs(container: string): TreeMap {
  return {
    phase: "Running",
    podIP: "10.244.1.7",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: ago(19) }],
    containerStatuses: [{ name: container, ready: true, restartCount: 0, state: { running: { startedAt: ago(19) } } }],
  };
}

const NIM_API = "apps.nvidia.com/v1alpha1";

function serviceSpec(tag: string): TreeMap {
  return {
    image: { repository: REPOSITORY, tag, pullPolicy: "IfNotPresent", pullSecrets: ["ngc-secret"] },
    authSecret: "ngc-api-secret",
    storage: { nimCache: { name: "llama-cache" } },
    resources: { limits: { "nvidia.com/gpu": "1" } },
    expose: { service: { type: "ClusterIP", port: 8000 } },
    replicas: 1,
    inferencePlatform: "standalone",
  };
}

/** A cache that is filled. */
function filledCache(): readonly KubeObject[] {
  return [
    named(
      "NIMCache",
      "llama-cache",
      {
        spec: {
          source: {
            ngc: { modelPuller: `${REPOSITORY}:1.3.3`, pullSecret: "ngc-secret", authSecret: "ngc-api-secret" },
          },
          storage: { pvc: { create: true, size: "100Gi", volumeAccessMode: "ReadWriteMany" } },
        },
        status: {
          state: "Ready",
          pvc: "llama-cache-pvc",
          conditions: [
            condition("NIM_CACHE_PVC_CREATED", "True", "PVCCreated", "The PVC has been created for caching NIM model"),
            condition(
              "NIM_CACHE_JOB_COMPLETED",
              "True",
              "JobCompleted",
              "The Job to cache NIM has successfully completed",
            ),
          ],
          profiles: [
            {
              name: PROFILE,
              model: MODEL,
              release: "1.3.3",
              config: { tp: "1", precision: "fp8" },
            },
          ],
        },
      },
      { apiVersion: NIM_API },
    ),
    named("ConfigMap", "llama-cache-manifest", {
      data: { "model_manifest.yaml": manifestText(profilesOf(MODEL, "1.3.3"), `${REPOSITORY}:1.3.3`) },
    }),
    named(
      "PersistentVolumeClaim",
      "llama-cache-pvc",
      {
        spec: {
          storageClassName: "standard",
          accessModes: ["ReadWriteMany"],
          resources: { requests: { storage: "100Gi" } },
        },
        status: { phase: "Bound", capacity: { storage: "100Gi" }, accessModes: ["ReadWriteMany"] },
      },
      { labels: labelsOf("llama-cache") },
    ),
  ];
}

/** A service that runs on the cache. */
function runningService(): readonly KubeObject[] {
  const labels = labelsOf("llama");
  return [
    named(
      "NIMService",
      "llama",
      {
        spec: serviceSpec("1.3.3"),
        status: {
          state: "Ready",
          conditions: [
            condition("Ready", "True", "Ready", 'deployment "llama" successfully rolled out\n'),
            condition("Failed", "False", "Ready", ""),
          ],
          model: { name: MODEL, clusterEndpoint: "10.96.41.7:8000", externalEndpoint: "" },
        },
      },
      { apiVersion: NIM_API },
    ),
    named(
      "Deployment",
      "llama",
      {
        spec: { replicas: 1, selector: { matchLabels: { app: "llama" } } },
        status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
      },
      { apiVersion: "apps/v1", labels },
    ),
    named(
      "Pod",
      "llama-6d4cf56db6-x7k2p",
      {
        spec: podSpec("llama-ctr", `${REPOSITORY}:1.3.3`, "h100-0"),
        status: runs("llama-ctr"),
      },
      { labels },
    ),
    named(
      "Service",
      "llama",
      {
        spec: { type: "ClusterIP", clusterIP: "10.96.41.7", ports: [{ name: "api", port: 8000 }] },
      },
      { labels },
    ),
  ];
}

/** A service whose tag does not exist. */
function brokenService(): readonly KubeObject[] {
  const message = `Back-off pulling image "${REPOSITORY}:1.33": manifest for ${REPOSITORY}:1.33 not found`;
  const pod = "llama-next-5f8c9b7d64-q9wrt";
  return [
    named(
      "NIMService",
      "llama-next",
      {
        spec: serviceSpec("1.33"),
        status: {
          state: "NotReady",
          conditions: [
            condition("Ready", "False", "NotReady", ROLLOUT, 2),
            condition("Failed", "False", "Ready", ROLLOUT, 2),
          ],
        },
      },
      { apiVersion: NIM_API, age: 2 },
    ),
    named(
      "Deployment",
      "llama-next",
      { spec: { replicas: 1 }, status: { replicas: 1, unavailableReplicas: 1 } },
      { apiVersion: "apps/v1", labels: labelsOf("llama-next"), age: 2 },
    ),
    named(
      "Pod",
      pod,
      {
        spec: podSpec("llama-next-ctr", `${REPOSITORY}:1.33`, "h100-1"),
        status: {
          phase: "Pending",
          containerStatuses: [
            {
              name: "llama-next-ctr",
              ready: false,
              restartCount: 0,
              state: { waiting: { reason: "ImagePullBackOff", message } },
            },
          ],
        },
      },
      { labels: labelsOf("llama-next"), age: 2 },
    ),
    named("Event", `${pod}.1`, {
      involvedObject: { kind: "Pod", namespace: NAMESPACE, name: pod },
      type: "Warning",
      reason: "Failed",
      message: `Failed to pull image "${REPOSITORY}:1.33": not found`,
      count: 4,
      firstTimestamp: ago(2),
      lastTimestamp: ago(1),
    }),
  ];
}

const ROLLOUT = 'Waiting for deployment "llama-next" rollout to finish: 0 of 1 updated replicas are available...\n';

function condition(type: string, status: string, reason: string, message: string, hours = 19): TreeMap {
  return { type, status, reason, message, lastTransitionTime: ago(hours) };
}

function labelsOf(name: string): Readonly<Record<string, string>> {
  return {
    app: name,
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/part-of": "nim-service",
    "app.kubernetes.io/managed-by": "k8s-nim-operator",
  };
}

function podSpec(name: string, image: string, nodeName: string): TreeMap {
  const container = {
    name,
    image,
    ports: [{ name: "api", containerPort: 8000 }],
    resources: { limits: { "nvidia.com/gpu": "1" } },
  };
  return { nodeName, containers: [container] };
}
