import type { KubeObject } from "@slipway/kube";
import { buildNimCache } from "../spec/cache-object.ts";
import { buildNimService } from "../spec/service-object.ts";
import { cacheGiven, serviceGiven } from "./given.ts";
import type { DeployPlan } from "./plan.ts";

/**
 * The objects of a plan in the order in which they are made: a cache before the service that waits for it. They are those
 * of the `create` commands with the same values.
 *
 * @throws SlipwayError USAGE for values that those commands would refuse
 */
export function deployObjects(plan: DeployPlan): readonly KubeObject[] {
  const { model, name, namespace } = plan;
  const service = buildNimService({ name, namespace, given: serviceGiven(plan) }).object;
  if (model.kind !== "cache") return [service];
  const given = cacheGiven(plan, model.source, model.volume);
  return [buildNimCache({ name: model.name, namespace, given }).object, service];
}
