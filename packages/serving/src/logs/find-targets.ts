import { SlipwayError, didYouMean, textAt } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import type { NimAddress } from "../related/pods.ts";
import type { PodContainer } from "./containers.ts";

/** Whether nothing more will come of an object: a cache that is filled, or was given up. */
export function isFinished(object: KubeObject): boolean {
  return object.kind === "NIMCache" && ["Ready", "Failed"].includes(textAt(object, "status", "state"));
}

/** The error for an object that has no pods, and why that may be. */
export function noPods({ kind, namespace, name }: NimAddress, object: KubeObject): SlipwayError {
  const told = `no pods found for ${namespace}/${name}`;
  if (isFinished(object))
    return new SlipwayError("NOT_FOUND", `${told}: the job of this ${kind} is over and its pods are gone`, {
      hint:
        "Kubernetes removes the job 10 minutes after its end, and its logs with it. Events and objects are still there: " +
        "kubectl nim log collect.",
    });
  const hint =
    kind === "NIMService"
      ? `Its pods are made by the NIM Operator: kubectl nim explain ${name} says what keeps them.`
      : "The operator makes the caching job's pod first: kubectl nim status nimcache says how far it is.";
  return new SlipwayError("NOT_FOUND", told, { hint });
}

/**
 * The containers that are wanted.
 *
 * @param wanted names; empty for all
 * @throws SlipwayError NOT_FOUND for a name that none of the containers has
 */
export function chosen(all: readonly PodContainer[], wanted: readonly string[]): readonly PodContainer[] {
  if (wanted.length === 0) return all;
  const names = [...new Set(all.map(({ container }) => container))];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined && all.length > 0)
    throw new SlipwayError("NOT_FOUND", `no pod has a container named "${unknown}"`, {
      hint: didYouMean(unknown, names) ?? `The containers are ${names.join(", ")}.`,
    });
  return all.filter(({ container }) => wanted.includes(container));
}
