import { group, type TreeMap } from "@slipway/base";
import { RESOURCES, type KubeApi, type KubeObject } from "@slipway/kube";

/** Which pods to make. */
export interface PodOptions {
  readonly count: number;
  readonly namespace: string;
  /** Nodes that they are bound to in turn. Without any the scheduler chooses. */
  readonly nodes?: readonly string[] | undefined;
  /** Names are PREFIX-0, PREFIX-1, …; `load` unless given. */
  readonly prefix?: string | undefined;
  /** GPUs that each asks for; none unless given. */
  readonly gpus?: number | undefined;
  /** Images that they run in turn. */
  readonly images?: readonly string[] | undefined;
}

/** What pods of GPU clusters run, with the tags and digests that such images have. */
const IMAGES = [
  "nvcr.io/nvidia/pytorch:25.08-py3",
  "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.4",
  "nvcr.io/nvidia/tritonserver:25.07-py3",
  "docker.io/vllm/vllm-openai:v0.10.1",
  "quay.io/prometheus/node-exporter:v1.9.1",
  "registry.k8s.io/nfd/node-feature-discovery:v0.17.3",
  "ghcr.io/example/trainer@sha256:9b2a8d1c5e7f4036a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718",
];

/** Pods as large as those of real clusters: 4 to 6 KB as the server returns them. */
export function loadPods(options: PodOptions): readonly KubeObject[] {
  return Array.from({ length: options.count }, (_, index) => pod(index, options));
}

/**
 * Creates pods, many at once; the namespace and its service account have to be there.
 *
 * @returns their names
 */
export async function createPods(
  api: Pick<KubeApi, "create">,
  options: PodOptions & { readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  const { namespace } = options;
  const tasks = loadPods(options).map((object) => async (signal: AbortSignal) => {
    return await api.create(RESOURCES.pods, object, { namespace, signal });
  });
  const created = await group(48, tasks, options.signal);
  return created.map(({ metadata }) => metadata.name ?? "");
}

function pod(
  index: number,
  { namespace, nodes = [], prefix = "load", gpus = 0, images = IMAGES }: PodOptions,
): KubeObject {
  const nodeName = nodes[index % Math.max(nodes.length, 1)];
  const image = images[index % Math.max(images.length, 1)] ?? "registry.k8s.io/pause:3.10";
  const app = `${prefix}-${index % 40}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${prefix}-${index}`,
      namespace,
      labels: {
        app,
        "app.kubernetes.io/component": "worker",
        "app.kubernetes.io/instance": app,
        "app.kubernetes.io/managed-by": "slipway",
        "app.kubernetes.io/name": prefix,
      },
      annotations: {
        "prometheus.io/path": "/metrics",
        "prometheus.io/port": "9090",
        "prometheus.io/scrape": "true",
      },
    },
    spec: {
      ...(nodeName === undefined ? {} : { nodeName }),
      containers: [container("main", image, gpus, 6), container("sidecar", "docker.io/envoyproxy/envoy:v1.34.1", 0, 2)],
      initContainers: [{ name: "prepare", image: "docker.io/library/busybox:1.37.0", command: ["sh", "-c", "true"] }],
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
      volumes: [
        { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "8Gi" } },
        { name: "settings", configMap: { name: `${app}-settings`, optional: true } },
      ],
    },
  };
}

function container(name: string, image: string, gpus: number, variables: number): TreeMap {
  const probe = { httpGet: { path: "/healthz", port: 8000 }, periodSeconds: 10, failureThreshold: 3 };
  const resources = {
    cpu: "100m",
    memory: "128Mi",
    ...(gpus === 0 ? {} : { "nvidia.com/gpu": String(gpus) }),
  };
  return {
    name,
    image,
    args: ["--port=8000", "--log-level=info", `--name=${name}`],
    env: [
      ...Array.from({ length: variables }, (_, index) => ({
        name: `SETTING_${index}`,
        value: `value-of-${name}-${index}`,
      })),
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    livenessProbe: probe,
    readinessProbe: probe,
    resources: { requests: resources, limits: resources },
    volumeMounts: [
      { name: "shared-memory", mountPath: "/dev/shm" },
      { name: "settings", mountPath: "/etc/settings", readOnly: true },
    ],
  };
}
