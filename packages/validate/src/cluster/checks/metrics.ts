import { listAt, numberAt, textAt } from "@slipway/base";
import { RESOURCES, type KubeObject } from "@slipway/kube";
import { outcomeOf, type Check, type CheckContext } from "../context.ts";
import { list, readPath } from "../read.ts";
import { workloadOf } from "../workloads.ts";

/** A metric that every DCGM exporter publishes for a GPU that works. */
const GPU_METRIC = /^DCGM_FI_DEV_\w+\{/m;

/** Whether the DCGM exporter runs and publishes metrics of the GPUs, read through its service. */
export const acceleratorMetrics: Check = async (context) => {
  const exporters = (await list(context, RESOURCES.daemonSets, { labelSelector: "app=nvidia-dcgm-exporter" })) ?? [];
  if (exporters.length === 0)
    return outcomeOf(["there is no DaemonSet of the DCGM exporter (label app=nvidia-dcgm-exporter)"], [], "", EXPORTER);
  const workloads = exporters.map(workloadOf);
  const services = (await list(context, RESOURCES.services, { labelSelector: "app=nvidia-dcgm-exporter" })) ?? [];
  const problems = workloads.filter(({ isReady, wanted }) => !isReady || wanted === 0).map(({ text }) => text);
  const seen = workloads.filter(({ isReady, wanted }) => isReady && wanted > 0).map(({ text }) => text);
  const [service] = services;
  if (service === undefined) problems.push("the DCGM exporter has no service to read metrics from");
  else if (problems.length === 0) {
    const metrics = await readPath(context, proxyPath(service, "metrics"));
    if (typeof metrics === "string" && GPU_METRIC.test(metrics))
      seen.push("the service answers with DCGM_FI_DEV metrics");
    else problems.push("the service of the DCGM exporter answers without a DCGM_FI_DEV metric");
  }
  return outcomeOf(problems, seen, "the DCGM exporter publishes metrics of the GPUs", EXPORTER);
};

const EXPORTER =
  "Look at the exporter on a GPU node: kubectl logs -n gpu-operator daemonset/nvidia-dcgm-exporter, and check dcgmExporter.enabled of the GPU Operator.";

/** Whether Prometheus runs and scrapes something, asked through its service, and the adapter serves metrics of it. */
export const aiServiceMetrics: Check = async (context) => {
  const prometheus = await prometheusService(context);
  if (prometheus === undefined)
    return outcomeOf(
      ["there is no service of Prometheus (label app=kube-prometheus-stack-prometheus)"],
      [],
      "",
      MONITORING,
    );
  const answer = await readPath(context, `${proxyPath(prometheus, "api/v1/query")}?query=count(up%3D%3D1)`);
  const targets = Number(textAtResult(answer) ?? "0");
  const adapter = await readPath(context, CUSTOM_METRICS);
  const problems = [
    ...(targets > 0 ? [] : ["Prometheus reaches none of its targets"]),
    ...(adapter === undefined ? [`the API server has no ${CUSTOM_METRICS.slice("/apis/".length)}`] : []),
  ];
  const seen = [`Prometheus reaches ${targets} targets`];
  return outcomeOf(problems, seen, `Prometheus reaches ${targets} targets, and its metrics are served`, MONITORING);
};

const MONITORING =
  "Look at Prometheus and its adapter: kubectl get pods -n monitoring, kubectl get apiservice v1beta1.custom.metrics.k8s.io";

/** The metrics of objects that autoscalers may ask for. */
export const CUSTOM_METRICS = "/apis/custom.metrics.k8s.io/v1beta1";

/** Whether the metrics API names metrics of GPUs, and no autoscaler that asks for one waits for it. */
export const podAutoscaling: Check = async (context) => {
  const answer = await readPath(context, CUSTOM_METRICS);
  if (answer === undefined) return outcomeOf([`the API server has no ${CUSTOM_METRICS.slice(6)}`], [], "", MONITORING);
  const names = listAt(answer, "resources").map((resource) => textAt(resource, "name"));
  const ofGpus = [...new Set(names.filter((name) => /gpu|dcgm/i.test(name)))];
  const scalers = (await list(context, AUTOSCALERS)) ?? [];
  const blind = scalers.filter((scaler) => asksForPods(scaler) && inactive(scaler));
  const problems = [
    ...(ofGpus.length === 0 ? ["the metrics API knows no metric of GPUs"] : []),
    ...blind.map(
      ({ metadata }) => `HorizontalPodAutoscaler ${metadata.namespace ?? ""}/${metadata.name ?? ""} gets no metrics`,
    ),
  ];
  return outcomeOf(problems, ofGpus, `${ofGpus.length} metrics of GPUs can be scaled by`, MONITORING);
};

const AUTOSCALERS = {
  group: "autoscaling",
  version: "v2",
  plural: "horizontalpodautoscalers",
  kind: "HorizontalPodAutoscaler",
  namespaced: true,
} as const;

function asksForPods(scaler: KubeObject): boolean {
  return listAt(scaler, "spec", "metrics").some((metric) => /gpu|dcgm/i.test(textAt(metric, "pods", "metric", "name")));
}

function inactive(scaler: KubeObject): boolean {
  return listAt(scaler, "status", "conditions").some(
    (condition) => textAt(condition, "type") === "ScalingActive" && textAt(condition, "status") === "False",
  );
}

async function prometheusService(context: CheckContext): Promise<KubeObject | undefined> {
  const component = context.recipe.components.find(({ name }) => name === "kube-prometheus-stack");
  if (component === undefined) return undefined;
  const services = await list(context, RESOURCES.services, { namespace: component.namespace });
  return (services ?? []).find(({ metadata }) => metadata.labels?.["app"] === "kube-prometheus-stack-prometheus");
}

/** The path of a service behind the API server's proxy, at its first port. */
function proxyPath({ metadata, spec }: KubeObject, path: string): string {
  const [port] = listAt(spec, "ports");
  const name = `${metadata.name ?? ""}:${numberAt(port, "port") ?? 80}`;
  return `/api/v1/namespaces/${encodeURIComponent(metadata.namespace ?? "")}/services/${encodeURIComponent(name)}/proxy/${path}`;
}

/** The number in an instant vector of the HTTP API of Prometheus: `data.result[0].value[1]`. */
function textAtResult(answer: Awaited<ReturnType<typeof readPath>>): string | undefined {
  const [sample] = listAt(answer, "data", "result");
  const [, value] = listAt(sample, "value");
  return typeof value === "string" ? value : undefined;
}
