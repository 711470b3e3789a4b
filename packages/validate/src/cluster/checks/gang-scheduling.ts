import type { Resource } from "@slipway/kube";
import { outcomeOf, skipped, type Check } from "../context.ts";
import { find, list } from "../read.ts";
import { RESOURCES } from "@slipway/kube";
import { conditionOf } from "../fields.ts";
import { workloadsOf } from "../workloads.ts";

const QUEUES: Resource = {
  group: "scheduling.run.ai",
  version: "v2",
  plural: "queues",
  kind: "Queue",
  namespaced: false,
};
const DEFINITIONS = ["queues.scheduling.run.ai", "podgroups.scheduling.run.ai"] as const;

/**
 * Whether the KAI scheduler has what it needs to start the pods of a group together: it runs, its definitions are
 * there, and there is a queue to put them into.
 */
export const gangScheduling: Check = async (context) => {
  const component = context.recipe.components.find(({ name }) => name === "kai-scheduler");
  if (component === undefined) return skipped("the recipe has no kai-scheduler");
  const [workloads, queues, ...definitions] = await Promise.all([
    workloadsOf(context, component),
    list(context, QUEUES),
    ...DEFINITIONS.map((name) => find(context, RESOURCES.customResourceDefinitions, name)),
  ]);
  const missing = DEFINITIONS.filter((_, index) => {
    const definition = definitions[index];
    return definition === undefined || !conditionOf(definition, "Established").isTrue;
  });
  const problems = [
    ...(workloads.length === 0
      ? [`no workload of kai-scheduler runs in ${component.namespace ?? "its namespace"}`]
      : []),
    ...workloads.filter(({ isReady }) => !isReady).map(({ text }) => text),
    ...missing.map((name) => `the definition ${name} is not established`),
    ...((queues ?? []).length === 0 ? ["there is no Queue, and pods without one are not scheduled"] : []),
  ];
  const seen = [
    ...workloads.filter(({ isReady }) => isReady).map(({ text }) => text),
    ...(queues ?? []).map(({ metadata }) => `Queue ${metadata.name ?? ""}`),
  ];
  return outcomeOf(
    problems,
    seen,
    `the KAI scheduler runs and has ${(queues ?? []).length} queues`,
    "See the scheduler's log (kubectl logs -n kai-scheduler deployment/kai-scheduler-default), and make a queue: kubectl get queues.scheduling.run.ai",
  );
};
