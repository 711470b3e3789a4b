import { textAt, type Tree } from "@slipway/base";

/** Says how KServe runs a model; without it a setting of the whole cluster counts (KServe, deployment modes). */
export const KSERVE_MODE = "serving.kserve.io/deploymentMode";

/** How KServe runs the model of a service: as a Knative service, as a Deployment, or nothing in the service says it. */
export type KServeMode = "knative" | "deployment" | "not told";

/** The mode of a service on KServe, by the annotation of the object or of what it makes; nothing for one that runs without KServe. */
export function kserveModeOf(service: Tree): KServeMode | undefined {
  if (textAt(service, "spec", "inferencePlatform") !== "kserve") return undefined;
  const told =
    textAt(service, "metadata", "annotations", KSERVE_MODE) || textAt(service, "spec", "annotations", KSERVE_MODE);
  if (told === "") return "not told";
  // Both names of it: KServe has called the mode Serverless up to 0.15.
  return ["knative", "serverless"].includes(told.toLowerCase()) ? "knative" : "deployment";
}

/** For those who scale a service on KServe that does not say its mode. */
export const MODE_NOT_TOLD = `on KServe, autoscaling needs the mode RawDeployment: the NIM Operator refuses it in Knative mode; nothing here says which one it is (annotation ${KSERVE_MODE})`;
