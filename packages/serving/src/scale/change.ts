import { SlipwayError, isTreeMap, numberAt, own, valueAt, type Tree, type TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { KSERVE_MODE, MODE_NOT_TOLD, kserveModeOf, type KServeMode } from "../kserve.ts";

/** What is asked of a service. */
export type ScaleRequest =
  /** So many pods, without autoscaling. */
  | { readonly kind: "replicas"; readonly count: number }
  /** From so many to so many, by use; what is absent stays as it is. */
  | { readonly kind: "auto"; readonly least: number | undefined; readonly most: number | undefined }
  /** No autoscaling, and as many pods as run. */
  | { readonly kind: "off"; readonly running: number };

/** How a service is to be changed. */
export interface ScaleChange {
  /** A merge patch that holds the version that was looked at; nothing when all is as it was asked. */
  readonly patch: TreeMap | undefined;
  /** `to 3 replicas`, for the sentence of success. */
  readonly told: string;
  readonly warnings: readonly string[];
}

/** Whether a service scales by itself. */
export function isAutoscaled(service: KubeObject): boolean {
  return valueAt(service, "spec", "scale", "enabled") === true;
}

/**
 * The change that a service needs. It is one patch in any case, because releases of the operator from 3.0.2 on take
 * replicas or autoscaling and never both; the settings of autoscaling stay when it is switched off.
 *
 * @throws SlipwayError USAGE, naming the flag, for what the operator would refuse or choke on
 */
export function scaleChange(service: KubeObject, request: ScaleRequest): ScaleChange {
  if (request.kind === "auto") return autoChange(service, request);
  if (request.kind === "off" && !isAutoscaled(service))
    return { patch: undefined, told: "(it has no autoscaling)", warnings: [] };
  const count = request.kind === "off" ? request.running : request.count;
  const wasAuto = isAutoscaled(service);
  const isSame = !wasAuto && numberAt(service, "spec", "replicas") === count;
  const spec = { replicas: count, ...(wasAuto ? { scale: { enabled: false } } : {}) };
  return {
    patch: isSame ? undefined : patchOf(service, spec),
    told: `to ${count} ${count === 1 ? "replica" : "replicas"}`,
    warnings: wasAuto && request.kind === "replicas" ? ["autoscaling is switched off"] : [],
  };
}

function autoChange(service: KubeObject, request: Extract<ScaleRequest, { kind: "auto" }>): ScaleChange {
  const mode = kserveModeOf(service);
  refuseAuto(service, mode);
  const least = request.least ?? numberAt(service, "spec", "scale", "hpa", "minReplicas");
  const most = request.most ?? numberAt(service, "spec", "scale", "hpa", "maxReplicas");
  if (most === undefined)
    throw new SlipwayError("USAGE", "--min needs --max: the service has no autoscaling yet, and so no upper end");
  if (least !== undefined && least > most)
    throw new SlipwayError("USAGE", `--min is ${least}, above --max, which is ${most}`);
  const hpa = { maxReplicas: most, ...(least === undefined ? {} : { minReplicas: least }) };
  const metrics = valueAt(service, "spec", "scale", "hpa", "metrics");
  const cpu = valueAt(service, "spec", "resources", "requests", "cpu");
  const blind = metrics === undefined && cpu === undefined;
  return {
    patch: patchOf(service, { replicas: null, scale: { enabled: true, hpa } }),
    told: `from ${least ?? 1} to ${most} replicas`,
    warnings: [
      ...(mode === "not told" ? [MODE_NOT_TOLD] : []),
      ...(blind ? ["autoscaling goes by CPU use, and the service has no CPU request: it never scales"] : []),
    ],
  };
}

function refuseAuto(service: KubeObject, mode: KServeMode | undefined): void {
  if (mode === "knative")
    throw new SlipwayError(
      "USAGE",
      "--min and --max are not for services in Knative mode of KServe: the NIM Operator does not scale them",
      { hint: `Use --replicas, or the mode RawDeployment (annotation ${KSERVE_MODE}).` },
    );
  if (isTreeMap(valueAt(service, "spec", "multiNode")))
    throw new SlipwayError(
      "USAGE",
      "--min and --max are not for services of many nodes: the NIM Operator does not scale them",
      {
        hint: "Use --replicas.",
      },
    );
}

/** With the version of what was looked at, so that the server refuses it when somebody else was faster. */
function patchOf({ metadata }: KubeObject, spec: TreeMap): TreeMap {
  const { resourceVersion } = metadata;
  return { ...(resourceVersion === undefined ? {} : { metadata: { resourceVersion } }), spec };
}

/** An object with a merge patch (RFC 7396) laid over it: maps merge by key, a null removes, anything else replaces. */
export function withPatch(object: KubeObject, patch: TreeMap): KubeObject {
  return { ...object, spec: merged(own(object, "spec"), own(patch, "spec") ?? {}) };
}

function merged(target: Tree | undefined, patch: Tree): Tree {
  if (!isTreeMap(patch)) return patch;
  const result: Record<string, Tree> = isTreeMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(own(result, key), value);
  }
  return result;
}
