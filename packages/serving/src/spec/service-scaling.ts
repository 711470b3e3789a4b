import { SlipwayError, isTreeMap, listAt, mapAt, numberAt, valueAt, type Tree, type TreeMap } from "@slipway/base";
import { KSERVE_MODE, MODE_NOT_TOLD, kserveModeOf } from "../kserve.ts";
import type { ServiceFlag } from "./service-fields.ts";
import { present, type Values } from "./values.ts";

type ScaleFlag = Extract<ServiceFlag, "replicas" | "scale-max-replicas" | "scale-min-replicas">;

/** The autoscaling that the flags ask for. */
export function scaleSpec(values: Values<ScaleFlag>): TreeMap | undefined {
  const hpa = present<Tree>({
    minReplicas: values.number("scale-min-replicas"),
    maxReplicas: values.number("scale-max-replicas"),
  });
  if (Object.keys(hpa).length === 0) return undefined;
  return values.isGiven("scale-max-replicas") ? { enabled: true, hpa } : { hpa };
}

/**
 * Refuses autoscaling that the cluster would refuse, or the operator choke on.
 *
 * @param service as it is going to be sent
 * @returns what the user should know
 * @throws SlipwayError USAGE
 */
export function checkScaling(service: TreeMap, values: Values<ScaleFlag>): readonly string[] {
  const spec = mapAt(service, "spec");
  const [least, most] = [numberAt(spec, "scale", "hpa", "minReplicas"), numberAt(spec, "scale", "hpa", "maxReplicas")];
  if (valueAt(spec, "scale", "enabled") !== true) {
    if (values.isGiven("scale-min-replicas"))
      throw new SlipwayError("USAGE", "--scale-min-replicas needs --scale-max-replicas, which switches autoscaling on");
    return [];
  }
  if (most !== undefined && least !== undefined && least > most) throw wrongRange(values, least, most);
  const mode = kserveModeOf(service);
  if (mode === "knative")
    throw new SlipwayError("USAGE", "--scale-max-replicas and the Knative mode of KServe exclude each other", {
      hint: `Use --replicas, or the mode RawDeployment (annotation ${KSERVE_MODE}), or the standalone platform.`,
    });
  if (isTreeMap(valueAt(spec, "multiNode")))
    throw new SlipwayError("USAGE", "--scale-max-replicas and multiNode exclude each other", {
      hint: "The NIM Operator does not scale services of many nodes.",
    });
  return [
    ...(mode === "not told" ? [MODE_NOT_TOLD] : []),
    ...replicaWarnings(values.number("replicas"), least, most),
    ...metricWarnings(spec),
  ];
}

function wrongRange(values: Values<ScaleFlag>, least: number, most: number): SlipwayError {
  if (values.isGiven("scale-min-replicas") || values.isGiven("scale-max-replicas"))
    return new SlipwayError("USAGE", `--scale-min-replicas is ${least}, above --scale-max-replicas, which is ${most}`);
  return new SlipwayError("INVALID_INPUT", `${least} is above maxReplicas, which is ${most}`, {
    place: { field: "spec.scale.hpa.minReplicas" },
  });
}

function replicaWarnings(
  replicas: number | undefined,
  least: number | undefined,
  most: number | undefined,
): readonly string[] {
  if (replicas === undefined) return [];
  if (replicas >= (least ?? replicas) && replicas <= (most ?? replicas) && (least !== undefined || replicas === 1))
    return [];
  return [`--replicas is left out: autoscaling runs from ${least ?? 1} to ${most} pods`];
}

/** Without metrics the autoscaler takes the CPU, of which it needs to know what pods ask for. */
function metricWarnings(spec: TreeMap): readonly string[] {
  const hasMetrics = listAt(spec, "scale", "hpa", "metrics").length > 0;
  if (hasMetrics || valueAt(spec, "resources", "requests", "cpu") !== undefined) return [];
  return [
    "autoscaling goes by CPU use, which needs a CPU request: without --cpu, or metrics with --from-file, it never scales",
  ];
}
