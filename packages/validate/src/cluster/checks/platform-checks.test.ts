import { createServer, type Server } from "node:http";
import type { TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { workload } from "../../testing/gpu-cluster.ts";
import { look } from "../../testing/look.ts";

const definition = (name: string, isEstablished = true): TreeMap => {
  const [plural = "", ...group] = name.split(".");
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: { group: group.join("."), names: { plural, kind: plural }, scope: "Namespaced", versions: [] },
    status: { conditions: [{ type: "Established", status: isEstablished ? "True" : "False" }] },
  };
};

test("gang-scheduling: scheduler, definitions and a queue", async () => {
  const queue = { apiVersion: "scheduling.run.ai/v2", kind: "Queue", metadata: { name: "default" } };
  const scheduler = workload("Deployment", "kai-scheduler/kai-scheduler-default");
  const definitions = [definition("queues.scheduling.run.ai"), definition("podgroups.scheduling.run.ai")];
  expect(await look("gang-scheduling", [queue, scheduler, ...definitions])).toEqual([
    "passed",
    "the KAI scheduler runs and has 1 queues",
    "Deployment kai-scheduler/kai-scheduler-default: 1 of 1 ready",
    "Queue default",
  ]);
  expect(await look("gang-scheduling", [definition("queues.scheduling.run.ai", false)])).toEqual([
    "failed",
    "no workload of kai-scheduler runs in kai-scheduler (and 3 more)",
    "no workload of kai-scheduler runs in kai-scheduler",
    "the definition queues.scheduling.run.ai is not established",
    "the definition podgroups.scheduling.run.ai is not established",
    "there is no Queue, and pods without one are not scheduled",
  ]);
  expect((await look("gang-scheduling", [], { components: [] }))[0]).toBe("skipped");
});

/** What runs in the pods of a test. */
async function answering(text: string, type: string, action: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { "content-type": type }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    await action(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const EXPORTER = workload("DaemonSet", "gpu-operator/nvidia-dcgm-exporter", 2, 2, {
  labels: { app: "nvidia-dcgm-exporter" },
});
const service = (path: string, app: string, port: number): TreeMap => {
  const [namespace = "", name = ""] = path.split("/");
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: { app } },
    spec: { ports: [{ port }] },
  };
};

test("accelerator-metrics: what the exporter's service answers", async () => {
  const objects = [EXPORTER, service("gpu-operator/nvidia-dcgm-exporter", "nvidia-dcgm-exporter", 9400)];
  await answering('# HELP x\nDCGM_FI_DEV_GPU_UTIL{gpu="0"} 3\n', "text/plain", async (url) => {
    expect(await look("accelerator-metrics", objects, { behindProxy: url })).toEqual([
      "passed",
      "the DCGM exporter publishes metrics of the GPUs",
      "DaemonSet gpu-operator/nvidia-dcgm-exporter: 2 of 2 ready",
      "the service answers with DCGM_FI_DEV metrics",
    ]);
  });
  await answering("up 1\n", "text/plain", async (url) => {
    expect((await look("accelerator-metrics", objects, { behindProxy: url }))[1]).toBe(
      "the service of the DCGM exporter answers without a DCGM_FI_DEV metric",
    );
  });
  expect((await look("accelerator-metrics", [EXPORTER]))[1]).toBe(
    "the DCGM exporter has no service to read metrics from",
  );
  expect((await look("accelerator-metrics", []))[0]).toBe("failed");
});

test("ai-service-metrics: the targets of Prometheus, and the metrics API", async () => {
  const objects = [service("monitoring/kube-prometheus-prometheus", "kube-prometheus-stack-prometheus", 9090)];
  const answer = (count: string): string =>
    JSON.stringify({ status: "success", data: { resultType: "vector", result: [{ value: [1, count] }] } });
  await answering(answer("12"), "application/json", async (url) => {
    expect(await look("ai-service-metrics", objects, { behindProxy: url })).toEqual([
      "passed",
      "Prometheus reaches 12 targets, and its metrics are served",
      "Prometheus reaches 12 targets",
    ]);
    const without = { without: ["MetricValueList"] };
    expect((await look("ai-service-metrics", objects, { behindProxy: url, options: without }))[1]).toBe(
      "the API server has no custom.metrics.k8s.io/v1beta1",
    );
  });
  await answering(answer("0"), "application/json", async (url) => {
    expect((await look("ai-service-metrics", objects, { behindProxy: url }))[1]).toBe(
      "Prometheus reaches none of its targets",
    );
  });
  expect((await look("ai-service-metrics", []))[0]).toBe("failed");
});

test("pod-autoscaling: metrics of GPUs, and autoscalers that get them", async () => {
  const scaler: TreeMap = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "h", namespace: "a" },
    spec: { metrics: [{ type: "Pods", pods: { metric: { name: "gpu_utilization" } } }] },
    status: { conditions: [{ type: "ScalingActive", status: "False" }] },
  };
  expect(await look("pod-autoscaling", [])).toEqual([
    "passed",
    "1 metrics of GPUs can be scaled by",
    "pods/gpu_utilization",
  ]);
  expect((await look("pod-autoscaling", [scaler]))[1]).toBe("HorizontalPodAutoscaler a/h gets no metrics");
  expect((await look("pod-autoscaling", [], { options: { without: ["MetricValueList"] } }))[0]).toBe("failed");
});

test("cluster-autoscaling: Karpenter with a pool that is ready; nothing installed is no failure", async () => {
  const pool = (status: string): TreeMap => ({
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "gpu" },
    status: { conditions: [{ type: "Ready", status }] },
  });
  const karpenter = workload("Deployment", "karpenter/karpenter", 1, 1, {
    labels: { "app.kubernetes.io/name": "karpenter" },
  });
  expect(await look("cluster-autoscaling", [pool("True"), karpenter])).toEqual([
    "passed",
    "the autoscaler of the cluster runs",
    "Deployment karpenter/karpenter: 1 of 1 ready",
    "NodePool gpu",
  ]);
  expect((await look("cluster-autoscaling", [pool("False")]))[1]).toBe("no NodePool of Karpenter is ready");
  expect((await look("cluster-autoscaling", [], { options: { without: ["NodePool"] } }))[0]).toBe("skipped");
});

test("inference-gateway: controller, class and gateways", async () => {
  const object = (kind: string, type: string, isTrue: boolean): TreeMap => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind,
    metadata: { name: "g", ...(kind === "Gateway" ? { namespace: "a" } : {}) },
    status: { conditions: [{ type, status: isTrue ? "True" : "False", reason: "NoAddress" }] },
  });
  const controller = workload("Deployment", "kgateway-system/kgateway");
  expect(
    await look("inference-gateway", [
      controller,
      object("GatewayClass", "Accepted", true),
      object("Gateway", "Programmed", true),
    ]),
  ).toEqual([
    "passed",
    "the gateway takes traffic (1 gateways)",
    "Deployment kgateway-system/kgateway: 1 of 1 ready",
    "GatewayClass g: accepted",
    "Gateway g: programmed",
  ]);
  expect(
    (
      await look("inference-gateway", [
        object("GatewayClass", "Accepted", false),
        object("Gateway", "Programmed", false),
      ])
    ).slice(2),
  ).toEqual([
    "no workload of kgateway runs in kgateway-system",
    "no GatewayClass was accepted by a controller",
    "Gateway a/g is not programmed (NoAddress)",
  ]);
  const without = { without: ["GatewayClass", "Gateway"] };
  expect(await look("inference-gateway", [controller], { options: without })).toContain(
    "the API server has no Gateway API (gateway.networking.k8s.io/v1)",
  );
});

test("robust-controller: controller, definition, and somebody behind the webhooks", async () => {
  const webhook: TreeMap = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "trainer" },
    webhooks: [{ name: "x", clientConfig: { service: { name: "hook", namespace: "kubeflow" } } }],
  };
  const endpoints = (isReady: boolean): TreeMap => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "hook-x", namespace: "kubeflow", labels: { "kubernetes.io/service-name": "hook" } },
    endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: isReady } }],
  });
  const trainer = workload("Deployment", "kubeflow/kubeflow-trainer-controller-manager");
  const objects = [trainer, webhook, definition("trainjobs.trainer.kubeflow.org")];
  expect(await look("robust-controller", [...objects, endpoints(true)])).toEqual([
    "passed",
    "kubeflow-trainer: controllers and webhooks are up",
    "Deployment kubeflow/kubeflow-trainer-controller-manager: 1 of 1 ready",
    "definition trainjobs.trainer.kubeflow.org",
    "webhook service hook has endpoints",
  ]);
  expect((await look("robust-controller", [...objects, endpoints(false)]))[1]).toBe(
    "webhook service hook has nobody to answer",
  );
  expect((await look("robust-controller", [])).slice(2)).toEqual([
    "no workload of kubeflow-trainer runs",
    "the definition trainjobs.trainer.kubeflow.org is not there",
  ]);
  expect((await look("robust-controller", [], { components: [] }))[0]).toBe("skipped");
});
