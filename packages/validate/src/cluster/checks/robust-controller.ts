import { listAt, mapAt, textAt } from "@slipway/base";
import { RESOURCES, type KubeObject, type Resource } from "@slipway/kube";
import type { ComponentRef } from "@slipway/recipe";
import { outcomeOf, skipped, type Check, type CheckContext } from "../context.ts";
import { find, list } from "../read.ts";
import { workloadsOf } from "../workloads.ts";

/** The operators for AI workloads that a recipe may have, and a definition that each brings. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["dynamo-platform", "dynamographdeployments.nvidia.com"],
  ["kubeflow-trainer", "trainjobs.trainer.kubeflow.org"],
]);

const ADMISSION = { group: "admissionregistration.k8s.io", version: "v1", namespaced: false } as const;
const WEBHOOKS: readonly Resource[] = [
  { ...ADMISSION, plural: "validatingwebhookconfigurations", kind: "ValidatingWebhookConfiguration" },
  { ...ADMISSION, plural: "mutatingwebhookconfigurations", kind: "MutatingWebhookConfiguration" },
];
const SLICES: Resource = {
  group: "discovery.k8s.io",
  version: "v1",
  plural: "endpointslices",
  kind: "EndpointSlice",
  namespaced: true,
};

/** Whether the operators for AI workloads run, their definitions are there, and their webhooks have somebody to answer. */
export const robustController: Check = async (context) => {
  const components = context.recipe.components.filter(({ name }) => OPERATORS.has(name));
  if (components.length === 0) return skipped(`the recipe has no ${[...OPERATORS.keys()].join(" and no ")}`);
  const found = await Promise.all(components.map((component) => lookAt(context, component)));
  const bad = components.find((_component, index) => (found[index]?.problems.length ?? 0) > 0);
  return outcomeOf(
    found.flatMap(({ problems }) => problems),
    found.flatMap(({ seen }) => seen),
    `${components.map(({ name }) => name).join(" and ")}: controllers and webhooks are up`,
    `A webhook without endpoints refuses every object of its kind. See why the controller is down: kubectl get pods,endpointslices -n ${bad?.namespace ?? ""}`,
  );
};

interface Found {
  readonly problems: readonly string[];
  readonly seen: readonly string[];
}

async function lookAt(context: CheckContext, { name, ...component }: ComponentRef): Promise<Found> {
  const [problems, seen]: [string[], string[]] = [[], []];
  const namespace = component.namespace ?? "";
  const workloads = await workloadsOf(context, { name, ...component });
  if (workloads.length === 0) problems.push(`no workload of ${name} runs`);
  for (const { isReady, text } of workloads) (isReady ? seen : problems).push(text);
  const definition = OPERATORS.get(name) ?? "";
  const found = await find(context, RESOURCES.customResourceDefinitions, definition);
  if (found === undefined) problems.push(`the definition ${definition} is not there`);
  else seen.push(`definition ${definition}`);
  for (const service of await webhookServices(context, namespace)) {
    const answers = await hasEndpoints(context, namespace, service);
    if (answers) seen.push(`webhook service ${service} has endpoints`);
    else problems.push(`webhook service ${service} has nobody to answer`);
  }
  return { problems, seen };
}

/** The services of a namespace that the API server asks before it stores an object. */
async function webhookServices(context: CheckContext, namespace: string): Promise<readonly string[]> {
  const found = await Promise.all(WEBHOOKS.map((resource) => list(context, resource)));
  const services = found
    .flatMap((objects) => objects ?? [])
    .flatMap((object: KubeObject) => listAt(object, "webhooks"))
    .map((webhook) => mapAt(webhook, "clientConfig", "service"))
    .filter((service) => textAt(service, "namespace") === namespace)
    .map((service) => textAt(service, "name"));
  return [...new Set(services)];
}

async function hasEndpoints(context: CheckContext, namespace: string, service: string): Promise<boolean> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const slices = (await list(context, SLICES, { namespace, labelSelector })) ?? [];
  return slices.some((slice) => listAt(slice, "endpoints").some((end) => mapAt(end, "conditions")["ready"] !== false));
}
