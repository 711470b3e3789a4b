import type { TreeMap } from "@slipway/base";
import type { Cluster } from "@slipway/kube/testing";

// Put together here, so that nobody's scanner takes this file for a leak.
/** One of thirty secrets, by its number from 1. */
export const secret = (number: number): string => `planted-${String(number).padStart(2, "0")}-x7Qz`;
const key = (...parts: readonly string[]): string => parts.join("");
/** The login of a registry that holds the thirtieth. */
export const LOGIN = btoa(`$oauthtoken:${secret(30)}`);

/** What every object of the tests says of itself. */
export function at(name: string, more: TreeMap = {}, namespace = "nim"): TreeMap {
  return { name, namespace, uid: `uid-${name}`, creationTimestamp: "2026-01-02T02:04:05Z", ...more };
}

/** The label of what the operator makes. */
export const OPERATED = { "app.kubernetes.io/managed-by": "k8s-nim-operator" };

function servicePod(name: string): TreeMap {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: at(name, {
      labels: { ...OPERATED, "app.kubernetes.io/instance": "llama" },
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": `{"spec":{"containers":[{"env":[{"name":"HF_TOKEN","value":"${secret(1)}"}]}]}}`,
        "example.com/api-key": secret(2),
        "example.com/login": `https://robot:${secret(3)}@registry.example.com`,
      },
    }),
    spec: {
      nodeName: "gpu-1",
      initContainers: [
        {
          name: "copy",
          image: "busybox:1.36",
          command: ["sh", "-c", `wget --header "Authorization: Bearer ${secret(4)}-0123456789" x`],
        },
      ],
      containers: [
        {
          name: "llama-ctr",
          image: "nvcr.io/nim/meta/llama3:1.0.0",
          args: ["--token", secret(5), `--password=${secret(6)}`, "--port", "8000"],
          env: [
            { name: "NGC_API_KEY", valueFrom: { secretKeyRef: { name: "ngc-api-secret", key: "NGC_API_KEY" } } },
            { name: "HF_TOKEN", value: secret(7) },
            { name: "AWS_SECRET_ACCESS_KEY", value: secret(8) },
            { name: "LOG_LEVEL", value: "debug" },
          ],
          resources: { limits: { "nvidia.com/gpu": "1" } },
        },
      ],
    },
    status: {
      phase: "Running",
      initContainerStatuses: [
        { name: "copy", restartCount: 0, state: { terminated: { exitCode: 0, reason: "Completed" } } },
      ],
      containerStatuses: [
        {
          name: "llama-ctr",
          ready: true,
          restartCount: 1,
          state: { running: { startedAt: "2026-01-02T03:00:00Z" } },
          lastState: { terminated: { exitCode: 1, reason: "Error", message: `login failed: password=${secret(9)}` } },
        },
      ],
      conditions: [{ type: "Ready", status: "True", message: `token: ${secret(10)}` }],
    },
  };
}

const LOG = [
  "serving on 8000",
  `NGC_API_KEY=${secret(11)}`,
  `{"level":"info","hf_token":"${secret(12)}","msg":"ok"}`,
  `GET https://u:${secret(13)}@hub.example.com/x`,
  `curl -u robot:${secret(14)} https://x.example.com`,
  key("-----BEGIN RSA ", "PRIVATE KEY-----"),
  secret(15),
  key("-----END RSA ", "PRIVATE KEY-----"),
  `Authorization: Basic ${btoa(`user:${secret(16)}`)}`,
  key("nvapi-", secret(17), "-abcdefghij"),
  `- name: DB_PASSWORD`,
  `  value: ${secret(18)}`,
  "done",
  "",
].join("\n");

/** A cluster with a service, a cache, an operator, nodes, and thirty secrets where people leave them. */
export function fillForCollect(cluster: Cluster): void {
  cluster.put({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "gpu-1",
      labels: { "nvidia.com/gpu.present": "true", "nvidia.com/gpu.product": "NVIDIA-H100" },
      creationTimestamp: "2026-01-01T03:04:05Z",
    },
    status: {
      allocatable: { "nvidia.com/gpu": "8", cpu: "64" },
      capacity: { "nvidia.com/gpu": "8", cpu: "64" },
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }],
      nodeInfo: { kubeletVersion: "v1.33.1" },
    },
  });
  cluster.put({ apiVersion: "v1", kind: "Node", metadata: { name: "cpu-1" } });
  cluster.put({
    apiVersion: "v1",
    kind: "Pod",
    metadata: at("operator-a", { labels: { "app.kubernetes.io/name": "k8s-nim-operator" } }, "nim-operator"),
    spec: { containers: [{ name: "manager", env: [{ name: "WEBHOOK_TOKEN", value: secret(19) }] }] },
    status: { phase: "Running" },
  });
  putWorkloads(cluster);
  putSecrets(cluster);
  cluster.log("nim", "llama-a", "copy").write("copied\n");
  const log = cluster.log("nim", "llama-a", "llama-ctr");
  log.write(`crash: token=${secret(1)}\n`);
  log.restart().write(LOG);
  cluster.log("nim-operator", "operator-a", "manager").write("reconciled\n");
}

function putWorkloads(cluster: Cluster): void {
  cluster.put(servicePod("llama-a"));
  cluster.put({
    apiVersion: "v1",
    kind: "Pod",
    metadata: at("stranger"),
    spec: { containers: [{ name: "x" }] },
    status: { phase: "Running" },
  });
  cluster.put({
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: at("llama", { annotations: { note: `PASSWORD=${secret(20)}` } }),
    spec: {
      authSecret: "ngc-api-secret",
      image: { repository: "nvcr.io/nim/meta/llama3", tag: "1.0.0", pullSecrets: ["ngc-secret"] },
      env: [{ name: "OPENAI_API_KEY", value: secret(21) }],
      proxy: { httpProxy: `http://proxy:${secret(22)}@10.0.0.1:3128` },
    },
    status: { state: "Ready" },
  });
  cluster.put({
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMCache",
    metadata: at("cache"),
    spec: { source: { hf: { authSecret: "hf-api-secret", endpoint: `https://x:${secret(23)}@hub.example.com` } } },
  });
  cluster.put({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: at("cache-manifest", {
      ownerReferences: [{ apiVersion: "apps.nvidia.com/v1alpha1", kind: "NIMCache", name: "cache", uid: "uid-cache" }],
    }),
    data: {
      "model_manifest.yaml": `profiles: []\ntoken: ${secret(24)}\n`,
      "api-key": secret(25),
      "conf.json": `{"password":"${secret(26)}"}`,
    },
  });
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: at("private"), data: { anything: secret(27) } });
}

function putSecrets(cluster: Cluster): void {
  cluster.put({
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: at("ngc-api-secret", {
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": `{"stringData":{"NGC":"${secret(28)}"}}` },
    }),
    data: { NGC_API_KEY: btoa(secret(28)) },
    stringData: { OTHER: secret(29) },
  });
  cluster.put({
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/dockerconfigjson",
    metadata: at("ngc-secret"),
    data: { ".dockerconfigjson": btoa(`{"auths":{"nvcr.io":{"auth":"${LOGIN}"}}}`) },
  });
  cluster.put({
    apiVersion: "v1",
    kind: "Event",
    metadata: at("llama-a.1"),
    involvedObject: { kind: "Pod", name: "llama-a", namespace: "nim" },
    type: "Warning",
    reason: "Failed",
    message: `pull failed: {"auth":"${LOGIN}"}\u001b[2J`,
    lastTimestamp: "2026-01-02T03:03:05Z",
    count: 3,
  });
}
