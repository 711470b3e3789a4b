import { SlipwayError, numberAt } from "@slipway/base";
import { RESOURCES, isConflict, isForbidden, isNotFound, type KubeApi, type KubeObject } from "@slipway/kube";
import { readOperatorTraits } from "../operator/traits.ts";
import { NIM_RESOURCES } from "../resources.ts";
import { isAutoscaled, scaleChange, withPatch, type ScaleChange } from "./change.ts";

/** What is asked, as on a command line. */
export type ScaleWish =
  | { readonly kind: "replicas"; readonly count: number }
  | { readonly kind: "auto"; readonly least: number | undefined; readonly most: number | undefined }
  | { readonly kind: "off" };

/** Where, and how. */
export interface ScaleOptions {
  readonly name: string;
  readonly namespace: string;
  readonly dryRun: "none" | "client" | "server";
  readonly fieldManager: string;
  readonly signal: AbortSignal;
}

/** What became of a service. */
export interface Scaled {
  /** As it is now, or would be. */
  readonly object: KubeObject;
  readonly change: ScaleChange;
}

type Api = Pick<KubeApi, "get" | "patch">;

/** How often the change is made anew after somebody else changed the service. */
const MOST_TRIES = 5;

/**
 * Changes how many pods a service has, or that it scales by itself. When somebody else changes the service meanwhile, it
 * is looked at anew.
 *
 * @throws SlipwayError NOT_FOUND without the service; USAGE for what its operator does not take; what the server refuses
 */
export async function scaleService(api: Api, wish: ScaleWish, options: ScaleOptions): Promise<Scaled> {
  if (wish.kind === "replicas" && wish.count === 0) await refuseNone(api, options.signal);
  for (let tries = 1; ; tries++) {
    try {
      return await tryScale(api, wish, options);
    } catch (error) {
      if (!isConflict(error) || tries === MOST_TRIES) throw error;
    }
  }
}

async function tryScale(api: Api, wish: ScaleWish, options: ScaleOptions): Promise<Scaled> {
  const { name, namespace, dryRun, fieldManager, signal } = options;
  const service = await api.get(NIM_RESOURCES.nimServices, name, { namespace, signal });
  const request =
    wish.kind === "off" ? { kind: "off" as const, running: await runningOf(api, service, options) } : wish;
  const change = scaleChange(service, request);
  if (change.patch === undefined) return { object: service, change };
  if (dryRun === "client") return { object: withPatch(service, change.patch), change };
  const patch = { type: "merge", value: change.patch } as const;
  const write = { namespace, signal, fieldManager, dryRun: dryRun === "server", fieldValidation: "Strict" } as const;
  return { object: await api.patch(NIM_RESOURCES.nimServices, name, patch, write), change };
}

/** How many pods the Deployment of a service wants now; where that cannot be seen, the fewest that autoscaling had, or 1. */
async function runningOf(api: Api, service: KubeObject, { name, namespace, signal }: ScaleOptions): Promise<number> {
  const least = numberAt(service, "spec", "scale", "hpa", "minReplicas") ?? 1;
  if (!isAutoscaled(service)) return least;
  try {
    const deployment = await api.get(RESOURCES.deployments, name, { namespace, signal });
    return Math.max(1, numberAt(deployment, "spec", "replicas") ?? least);
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return least;
    throw error;
  }
}

async function refuseNone(api: Api, signal: AbortSignal): Promise<void> {
  const traits = await readOperatorTraits(api, signal);
  if (traits === undefined || traits.leastReplicas === 0) return;
  throw new SlipwayError(
    "USAGE",
    `--replicas takes ${traits.leastReplicas} or more on this cluster: its NIM Operator knows no service without pods`,
    {
      hint: "From NIM Operator 3.1.0 on it is allowed.",
    },
  );
}
