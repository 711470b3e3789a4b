import type { KubeObject, Resource } from "@slipway/kube";
import { outcomeOf, skipped, type Check } from "../context.ts";
import { conditionOf } from "../fields.ts";
import { list } from "../read.ts";
import { workloadsOf } from "../workloads.ts";

const GROUP = { group: "gateway.networking.k8s.io", version: "v1" } as const;
const CLASSES: Resource = { ...GROUP, plural: "gatewayclasses", kind: "GatewayClass", namespaced: false };
const GATEWAYS: Resource = { ...GROUP, plural: "gateways", kind: "Gateway", namespaced: true };

/** Whether the gateway's controller runs, its class was accepted, and each Gateway is programmed. */
export const inferenceGateway: Check = async (context) => {
  const component = context.recipe.components.find(({ name }) => name === "kgateway");
  if (component === undefined) return skipped("the recipe has no kgateway");
  const [workloads, classes, gateways] = await Promise.all([
    workloadsOf(context, component),
    list(context, CLASSES),
    list(context, GATEWAYS),
  ]);
  const accepted = (classes ?? []).filter((object) => conditionOf(object, "Accepted").isTrue);
  const problems = [
    ...(workloads.length === 0 ? [`no workload of kgateway runs in ${component.namespace ?? "its namespace"}`] : []),
    ...workloads.filter(({ isReady }) => !isReady).map(({ text }) => text),
    ...(classes === undefined ? ["the API server has no Gateway API (gateway.networking.k8s.io/v1)"] : []),
    ...(classes !== undefined && accepted.length === 0 ? ["no GatewayClass was accepted by a controller"] : []),
    ...(gateways ?? []).flatMap(notProgrammed),
  ];
  const seen = [
    ...workloads.filter(({ isReady }) => isReady).map(({ text }) => text),
    ...accepted.map(({ metadata }) => `GatewayClass ${metadata.name ?? ""}: accepted`),
    ...(gateways ?? [])
      .filter((gateway) => notProgrammed(gateway).length === 0)
      .map(({ metadata }) => `Gateway ${metadata.name ?? ""}: programmed`),
  ];
  return outcomeOf(
    problems,
    seen,
    `the gateway takes traffic (${(gateways ?? []).length} gateways)`,
    "See what the controller says: kubectl describe gatewayclass,gateway -A, and its log in the namespace kgateway-system.",
  );
};

function notProgrammed(gateway: KubeObject): readonly string[] {
  const { isTrue, message } = conditionOf(gateway, "Programmed");
  const { name = "", namespace = "" } = gateway.metadata;
  return isTrue ? [] : [`Gateway ${namespace}/${name} is not programmed${message === "" ? "" : ` (${message})`}`];
}
